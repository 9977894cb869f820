package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** Artifacts by public path, and the signed URLs that let them in. Safe to use from any thread; nothing waits. */
public final class ObjectStore {
    private static final String HOST_ONLY = "&X-Goog-SignedHeaders=host";
    static final String BASE = "/store/";
    private static final int MAX_OBJECTS = 1 << 20;
    private static final int SIGNED_KEPT = 1000;
    private static final long MAX_KEPT_BYTES = 256L << 20;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC);

    /**
     * A URL to send an artifact to.
     *
     * @param putUrl the signed URL
     * @param publicUrl what to refer to the artifact by; the signed URL without its query
     * @param expiresAt the end of the signed URL, on the control plane's wall clock
     */
    public record Signed(String putUrl, String publicUrl, Instant expiresAt) {
        @Override
        public String toString() {
            return publicUrl;
        }
    }

    /** Whose upload a signed URL is. */
    record Owner(JobKey job, int lease, String path, Instant expiresAt) {}

    private final UrlSigner signer;
    private final Duration lifetime;
    private final Supplier<Instant> now;
    private final int keepBytes;
    private final Map<String, StoredObject> objects = new ConcurrentHashMap<>();
    private final AtomicLong keptBytes = new AtomicLong();
    private final Deque<String> signedLately = new ArrayDeque<>();
    private volatile @Nullable URI base;

    ObjectStore(UrlSigner signer, Duration lifetime, Supplier<Instant> now, int keepBytes) {
        this.signer = signer;
        this.lifetime = lifetime;
        this.now = now;
        this.keepBytes = keepBytes;
    }

    /** Signs an upload of this job for exactly this content type; for any one when it is empty. */
    public Signed sign(JobKey job, int lease, String path, String contentType) {
        String publicPath = BASE + encode(job.protocol()) + "/" + encode(job.id()) + "/"
                + Arrays.stream(path.split("/", -1)).map(ObjectStore::encode).collect(Collectors.joining("/"));
        Instant from = now.get().truncatedTo(ChronoUnit.SECONDS);
        String unsigned = publicPath + "?X-Goog-Algorithm=GOOG4-HMAC-SHA256&X-Goog-Credential="
                + encode(job.protocol()) + "%2F" + encode(job.id()) + "%2F" + lease + "&X-Goog-Date="
                + DATE.format(from) + "&X-Goog-Expires=" + lifetime.toSeconds()
                + (contentType.isEmpty() ? HOST_ONLY : "&X-Goog-SignedHeaders=content-type%3Bhost");
        URI at = base();
        Signed signed = new Signed(at + signer.sign("PUT", unsigned, contentType), at + publicPath,
                from.plusSeconds(lifetime.toSeconds()));
        synchronized (signedLately) {
            if (signedLately.size() == SIGNED_KEPT) {
                signedLately.removeFirst();
            }
            signedLately.addLast(signed.putUrl());
        }
        return signed;
    }

    /** The newest signed URLs, at most {@value #SIGNED_KEPT}: what whoever looks for leaked ones has to look for. */
    public List<String> signedLately() {
        synchronized (signedLately) {
            return List.copyOf(signedLately);
        }
    }

    /** The artifact with this public URL. */
    public Optional<StoredObject> find(String publicUrl) {
        URI at = base;
        return at != null && publicUrl.startsWith(at.toString())
                ? Optional.ofNullable(objects.get(publicUrl.substring(at.toString().length())))
                : Optional.empty();
    }

    /** Whether this is the public URL of an artifact that was stored for this job and is not empty. */
    public boolean holds(JobKey job, String publicUrl) {
        return find(publicUrl).filter(object -> object.job().equals(job) && object.sizeBytes() > 0).isPresent();
    }

    /** The root of everything that the simulator serves; throws before it has started. */
    public URI base() {
        URI at = base;
        if (at == null) {
            throw new IllegalStateException("the simulator has not started");
        }
        return at;
    }

    void startsAt(URI uri) {
        base = uri;
    }

    /** Whose upload this is, when the signature is that of these very bytes and this content type. */
    Optional<Owner> verify(String rawUri, String contentType) {
        String signedType = UrlSigner.signedPart(rawUri).endsWith(HOST_ONLY) ? "" : contentType;
        return signer.verifies("PUT", rawUri, signedType) ? owner(rawUri) : Optional.empty();
    }

    /** Whose upload this claims to be, whether or not it is signed. */
    Optional<Owner> owner(String rawUri) {
        int question = rawUri.indexOf('?');
        if (question < 0) {
            return Optional.empty();
        }
        try {
            Map<String, String> query = Arrays.stream(UrlSigner.signedPart(rawUri).substring(question + 1).split("&"))
                    .map(part -> part.split("=", 2)).filter(pair -> pair.length == 2)
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first));
            String[] credential = query.getOrDefault("X-Goog-Credential", "").split("%2F");
            if (credential.length != 3) {
                return Optional.empty();
            }
            JobKey job = new JobKey(decode(credential[0]), decode(credential[1]));
            Instant from = DATE.parse(query.getOrDefault("X-Goog-Date", ""), Instant::from);
            String prefix = BASE + encode(job.protocol()) + "/" + encode(job.id()) + "/";
            String path = rawUri.substring(Math.min(prefix.length(), question), question);
            return Optional.of(new Owner(job, Integer.parseInt(credential[2]), decode(path),
                    from.plusSeconds(Long.parseLong(query.getOrDefault("X-Goog-Expires", "")))));
        } catch (RuntimeException notOurs) {
            // the URI came from outside: whatever cannot be read was not signed here
            return Optional.empty();
        }
    }

    boolean expired(Owner owner) {
        return !now.get().isBefore(owner.expiresAt());
    }

    /** How many bytes of an artifact of this size are to be kept: all or none. */
    boolean keeps(long sizeBytes) {
        return sizeBytes <= keepBytes && keptBytes.get() + sizeBytes <= MAX_KEPT_BYTES;
    }

    /** Puts an artifact in the place of an older one; false when the store is full. */
    boolean put(String rawPath, StoredObject object) {
        if (objects.size() >= MAX_OBJECTS && !objects.containsKey(rawPath)) {
            return false;
        }
        StoredObject old = objects.put(rawPath, object);
        keptBytes.addAndGet(kept(object) - (old == null ? 0 : kept(old)));
        return true;
    }

    Optional<StoredObject> at(String rawPath) {
        return Optional.ofNullable(objects.get(rawPath));
    }

    private static long kept(StoredObject object) {
        byte[] content = object.content();
        return content == null ? 0 : content.length;
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
