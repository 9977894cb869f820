package dev.coxswain.executors.signing;

import java.io.OutputStream;
import java.util.Arrays;

/** Takes a keystore piece by piece, up to the limit, and leaves no copy of it behind but the one it is asked for. */
final class KeystoreBytes extends OutputStream {
    /** Contract oore-ci 8. */
    static final int MOST = 5 << 20;

    private byte[] bytes = new byte[8 << 10];
    private int length;

    /** The keystore is longer than the limit. */
    static final class TooLongException extends RuntimeException {}

    @Override
    public void write(int one) {
        write(new byte[]{(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        if (count > MOST - length) {
            throw new TooLongException();
        }
        if (count > bytes.length - length) {
            replace(Arrays.copyOf(bytes, Math.min(MOST, Math.max(2 * bytes.length, length + count))));
        }
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    /** All of it, exactly; what was held here is overwritten. */
    byte[] take() {
        byte[] all = Arrays.copyOf(bytes, length);
        wipe();
        return all;
    }

    void wipe() {
        Arrays.fill(bytes, (byte) 0);
        length = 0;
    }

    private void replace(byte[] larger) {
        Arrays.fill(bytes, (byte) 0);
        bytes = larger;
    }
}
