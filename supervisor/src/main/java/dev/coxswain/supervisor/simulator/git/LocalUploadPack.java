package dev.coxswain.supervisor.simulator.git;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.LocalRepository;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The server's side of Git's smart protocol for a real repository of this host, by the host's own git. Who may ask is not its
 * affair. Each call is one process; cancelling leaves it to end by itself, since its input is whole.
 */
public final class LocalUploadPack {
    /** Far more than any set of wants and haves. */
    private static final int MOST_REQUEST_BYTES = 16 << 20;
    private static final Pattern PROTOCOL = Pattern.compile("version=[0-2]");

    private final LocalRepository repository;

    public LocalUploadPack(LocalRepository repository) {
        this.repository = repository;
    }

    /** What there is. */
    public Mono<Answer> refs(Call call) {
        return later(() -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes("001e# service=git-upload-pack\n0000".getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(git(call, new byte[0], "--advertise-refs"));
            return UploadPack.answer("advertisement", body.toByteArray());
        });
    }

    /** What is wanted. Fails with a {@link GitRequestException} when git does not understand the request. */
    public Mono<Answer> pack(Call call) {
        return later(() -> UploadPack.answer("result", git(call, body(call), null)));
    }

    private static Mono<Answer> later(Callable<Answer> work) {
        return Mono.fromCallable(work).subscribeOn(Schedulers.boundedElastic());
    }

    private static byte[] body(Call call) throws IOException {
        String encoding = call.header("content-encoding");
        if (encoding == null) {
            return call.body();
        }
        if (!encoding.equals("gzip")) {
            throw new GitRequestException("no content encoding " + encoding);
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(call.body()))) {
            byte[] body = in.readNBytes(MOST_REQUEST_BYTES + 1);
            if (body.length > MOST_REQUEST_BYTES) {
                throw new GitRequestException("the request is too long");
            }
            return body;
        }
    }

    /** The repository is the demo's or a test's own, so its owner is not asked for. */
    private byte[] git(Call call, byte[] input, @Nullable String option) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(option == null
                ? List.of("git", "-c", "safe.directory=*", "-c", "uploadpack.allowAnySHA1InWant=true", "upload-pack",
                        "--stateless-rpc", repository.path())
                : List.of("git", "-c", "safe.directory=*", "-c", "uploadpack.allowAnySHA1InWant=true", "upload-pack",
                        "--stateless-rpc", option, repository.path()))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        String protocol = call.header("git-protocol");
        if (protocol != null && PROTOCOL.matcher(protocol).matches()) {
            builder.environment().put("GIT_PROTOCOL", protocol);
        }
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            // it ended before it had read all of it, and its exit code says how
            process.getInputStream().readAllBytes();
            throw new GitRequestException("git ended with " + process.waitFor());
        }
        byte[] output = process.getInputStream().readAllBytes();
        int code = process.waitFor();
        if (code != 0) {
            throw new GitRequestException("git ended with " + code);
        }
        return output;
    }
}
