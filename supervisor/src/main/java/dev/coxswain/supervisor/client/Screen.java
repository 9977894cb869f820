package dev.coxswain.supervisor.client;

import java.io.PrintWriter;
import java.util.List;

/** The alternate screen of a terminal: what was on it before comes back at the end. Safe from any thread. */
public final class Screen implements AutoCloseable {
    private final PrintWriter out;
    private boolean closed;

    /** Switches to it, without cursor. */
    public Screen(PrintWriter out) {
        this.out = out;
        out.print("\u001b[?1049h\u001b[?25l\u001b[2J");
        out.flush();
    }

    /** Draws these lines from the top, over what was there, without flicker; false when nobody can see them any more. */
    public synchronized boolean draw(List<String> lines) {
        if (!closed) {
            out.print("\u001b[H" + String.join("\u001b[K\r\n", lines) + "\u001b[K\u001b[J");
            out.flush();
        }
        return !closed && !out.checkError();
    }

    /** Gives the terminal back; nothing is drawn after that. Safe to repeat. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            out.print("\u001b[?25h\u001b[?1049l");
            out.flush();
        }
    }
}
