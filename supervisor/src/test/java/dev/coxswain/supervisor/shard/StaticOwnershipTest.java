package dev.coxswain.supervisor.shard;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.shard.ShardingConfig.Static;

import static org.assertj.core.api.Assertions.assertThat;

class StaticOwnershipTest {
    @Test
    void whichIndexItIsIsSaidAsOne() {
        assertThat(new StaticOwnership(new Static(0, 4)).sharing()).satisfies(sharing -> {
            assertThat(sharing.member()).isEqualTo("index 0");
            assertThat(sharing.shards()).isEqualTo(4);
            assertThat(sharing.shardsHeld()).isEqualTo(1);
        });
    }
}
