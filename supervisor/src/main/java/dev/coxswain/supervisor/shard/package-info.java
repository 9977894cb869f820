/** Shares the runners among several supervisors: each identity is held by exactly one of them at a time. */
@NullMarked
package dev.coxswain.supervisor.shard;

import org.jspecify.annotations.NullMarked;
