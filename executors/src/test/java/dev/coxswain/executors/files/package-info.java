/** Tests of the folder of one job. */
@NullMarked
package dev.coxswain.executors.files;

import org.jspecify.annotations.NullMarked;
