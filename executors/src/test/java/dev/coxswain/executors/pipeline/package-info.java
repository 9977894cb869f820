/** Tests of the pipeline workload, on a workspace in memory and with the script that ships with the product. */
@NullMarked
package dev.coxswain.executors.pipeline;

import org.jspecify.annotations.NullMarked;
