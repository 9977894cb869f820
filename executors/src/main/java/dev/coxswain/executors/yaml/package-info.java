/** A shared room: reads YAML that somebody else wrote, within limits, and knows nothing of what it means. */
@NullMarked
package dev.coxswain.executors.yaml;

import org.jspecify.annotations.NullMarked;
