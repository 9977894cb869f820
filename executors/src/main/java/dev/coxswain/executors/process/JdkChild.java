package dev.coxswain.executors.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent.Stream;

/**
 * A process of the JDK. When it ends, the JDK's reaper thread moves what its pipes still hold (64 KiB each, as the kernel's
 * pipes do) into memory and closes them; both sides lock the stream, so no byte gets lost or doubled between them.
 */
record JdkChild(Process process) implements Child {
    @Override
    public int pid() {
        return (int) process.pid();
    }

    @Override
    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    @Override
    public boolean kill() {
        boolean alive = alive();
        if (alive) {
            // the pid itself as well: until setsid has run there is no such group
            Signals.send(-pid(), Signals.KILL);
            Signals.send(pid(), Signals.KILL);
        }
        return alive;
    }

    @Override
    public byte @Nullable [] read(Stream stream, int maxBytes) {
        InputStream in = stream == Stream.STDOUT ? process.getInputStream() : process.getErrorStream();
        try {
            int there = in.available();
            if (there <= 0) {
                return null;
            }
            byte[] bytes = in.readNBytes(Math.min(there, maxBytes));
            return bytes.length == 0 ? null : bytes;
        } catch (IOException e) {
            // closed under us: there is nothing more to come
            return null;
        }
    }

    @Override
    public boolean whenReadable(Runnable ready) {
        return false;
    }

    @Override
    public void closePipes() {
        // the reaper does it
    }
}
