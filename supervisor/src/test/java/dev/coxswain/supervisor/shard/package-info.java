@NullMarked
package dev.coxswain.supervisor.shard;

import org.jspecify.annotations.NullMarked;
