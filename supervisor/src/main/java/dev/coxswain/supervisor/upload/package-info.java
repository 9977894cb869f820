/** Uploads artifacts to signed URLs, a bounded number in parallel, with digest, retry, watchdog and expiry. */
@NullMarked
package dev.coxswain.supervisor.upload;

import org.jspecify.annotations.NullMarked;
