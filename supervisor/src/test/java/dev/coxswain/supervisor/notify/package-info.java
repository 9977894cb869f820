/** What a service manager hears. */
@NullMarked
package dev.coxswain.supervisor.notify;

import org.jspecify.annotations.NullMarked;
