package dev.coxswain.supervisor.simulator.git;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;

/** A Git repository of one commit on one branch, as the pack that a clone receives. The same files are the same commit. */
public final class GitRepository {
    private static final int COMMIT = 1;
    private static final int TREE = 2;
    private static final int BLOB = 3;
    private static final String WHO = "Simulator <simulator@coxswain.invalid> 1767225600 +0000";

    private record Packed(int type, byte[] content) {}

    /** A folder while it is filled: files as bytes, folders as more of these. */
    private static final class Folder {
        final TreeMap<String, Object> entries = new TreeMap<>();
    }

    private final String branch;
    private final List<Packed> objects = new ArrayList<>();
    private final String commit;
    private final byte[] pack;

    /** @param files text files by path; all of them are plain files */
    public GitRepository(String branch, String message, Map<String, String> files) {
        this.branch = branch;
        Folder root = new Folder();
        files.forEach((path, text) -> enter(root, path, text));
        String head = "tree " + HexFormat.of().formatHex(tree(root)) + "\nauthor " + WHO + "\ncommitter " + WHO + "\n\n"
                + message + "\n";
        commit = HexFormat.of().formatHex(store(COMMIT, "commit", head.getBytes(StandardCharsets.UTF_8)));
        pack = pack();
    }

    /** The name of its only branch. */
    public String branch() {
        return branch;
    }

    /** The id of its only commit. */
    public String commit() {
        return commit;
    }

    /** All its objects in one pack. */
    byte[] packed() {
        return pack.clone();
    }

    private static void enter(Folder root, String path, String text) {
        String[] parts = path.split("/");
        Folder folder = root;
        for (int i = 0; i < parts.length - 1; i++) {
            folder = (Folder) folder.entries.computeIfAbsent(parts[i] + "/", name -> new Folder());
        }
        folder.entries.put(parts[parts.length - 1], text.getBytes(StandardCharsets.UTF_8));
    }

    /** A folder's name sorts with a slash behind it, which is how Git wants its trees. */
    private byte[] tree(Folder folder) {
        ByteArrayOutputStream tree = new ByteArrayOutputStream();
        folder.entries.forEach((name, entry) -> {
            boolean inner = entry instanceof Folder;
            byte[] id = entry instanceof Folder below ? tree(below) : store(BLOB, "blob", (byte[]) entry);
            String plain = inner ? name.substring(0, name.length() - 1) : name;
            tree.writeBytes(((inner ? "40000 " : "100644 ") + plain + "\0").getBytes(StandardCharsets.UTF_8));
            tree.writeBytes(id);
        });
        return store(TREE, "tree", tree.toByteArray());
    }

    private byte[] store(int type, String name, byte[] content) {
        objects.add(new Packed(type, content));
        MessageDigest digest = sha1();
        digest.update((name + " " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
        return digest.digest(content);
    }

    private byte[] pack() {
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.writeBytes("PACK".getBytes(StandardCharsets.US_ASCII));
        pack.writeBytes(ByteBuffer.allocate(8).putInt(2).putInt(objects.size()).array());
        for (Packed object : objects) {
            int size = object.content().length;
            int first = (object.type() << 4) | (size & 15);
            size >>= 4;
            while (size > 0) {
                pack.write(first | 0x80);
                first = size & 0x7f;
                size >>= 7;
            }
            pack.write(first);
            pack.writeBytes(deflated(object.content()));
        }
        pack.writeBytes(sha1().digest(pack.toByteArray()));
        return pack.toByteArray();
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1024];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
