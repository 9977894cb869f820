/** A shared room: gets the sources of a job into a folder of any workspace with git, and knows no executor and no workload. */
@NullMarked
package dev.coxswain.executors.git;

import org.jspecify.annotations.NullMarked;
