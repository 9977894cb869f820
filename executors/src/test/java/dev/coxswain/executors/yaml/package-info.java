/** Tests of the shared room that reads YAML. */
@NullMarked
package dev.coxswain.executors.yaml;

import org.jspecify.annotations.NullMarked;
