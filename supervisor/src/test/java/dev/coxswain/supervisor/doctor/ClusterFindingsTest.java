package dev.coxswain.supervisor.doctor;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.doctor.ClusterNeed.Right;
import io.fabric8.kubernetes.api.model.NamedContextBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What a cluster says to the question what is allowed there. */
class ClusterFindingsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String TOKEN = "t0ken-of-the-kubeconfig";
    private static final ClusterNeed PODS = new ClusterNeed("pods of jobs", "jobs",
            List.of(new Right("", "pods", "create"), new Right("", "pods", "watch"),
                    new Right("", "pods/exec", "create")),
            "roles.yaml");
    private static final ClusterNeed LEASES = new ClusterNeed("leases of sharding", null,
            List.of(new Right("coordination.k8s.io", "leases", "update")), "leases.yaml");

    private final FakeApiServer server = new FakeApiServer();
    private final Scheduler scheduler = Schedulers.newBoundedElastic(1, 10, "cluster-findings");

    @AfterEach
    void end() {
        server.close();
        scheduler.dispose();
    }

    private Config access() {
        return at(server.url());
    }

    private static Config at(String url) {
        Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url).withOauthToken(TOKEN)
                .withNamespace("fleets").build();
        config.setCurrentContext(new NamedContextBuilder().withName("test").build());
        return config;
    }

    private List<Finding> found(Callable<Config> access, ClusterNeed... needs) {
        List<Finding> found = new ClusterFindings(List.of(needs), scheduler, access, Schedulers.parallel()).all()
                .block(PATIENCE);
        assertThat(found).isNotNull().allSatisfy(finding -> {
            assertThat(finding.detail()).isNotBlank().doesNotContain("\n", TOKEN);
            assertThat(finding.hint() == null).isEqualTo(finding.level() == Finding.Level.OK);
        });
        return found;
    }

    private void version() {
        server.version = "{\"major\":\"1\",\"minor\":\"32\",\"gitVersion\":\"v1.32.4\"}";
    }

    /** Every right is granted but those that are named as {@code VERB NAMESPACE GROUP/RESOURCE/SUBRESOURCE}. */
    private void grantsAllBut(String... refused) {
        version();
        server.reviews = asked -> new FakeApiServer.Answer(201, verdict(asked, Set.of(refused)));
    }

    private static String verdict(String review, Set<String> refused) {
        JsonNode asked = MAPPER.readTree(review).at("/spec/resourceAttributes");
        String right = asked.path("verb").asString("") + " " + asked.path("namespace").asString("") + " "
                + asked.path("group").asString("") + "/" + asked.path("resource").asString("") + "/"
                + asked.path("subresource").asString("");
        return "{\"kind\":\"SelfSubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/v1\",\"spec\":{},"
                + "\"status\":{\"allowed\":" + !refused.contains(right) + "}}";
    }

    @Test
    void whatIsAllowedIsTold() {
        grantsAllBut();

        assertThat(found(this::access, PODS, LEASES, PODS)).containsExactly(
                Finding.ok("kubernetes access", "context test of the kubeconfig"),
                Finding.ok("kubernetes API", server.url() + " answers, version v1.32.4"),
                Finding.ok("pods of jobs in jobs", "may create, watch pods; create pods/exec"),
                Finding.ok("leases of sharding in fleets", "may update leases"));
    }

    @Test
    void whatIsNotAllowedIsNamedWithTheRoleThatGrantsIt() {
        grantsAllBut("create jobs /pods/exec", "watch jobs /pods/", "update fleets coordination.k8s.io/leases/");

        List<Finding> found = found(this::access, PODS, LEASES);

        assertThat(found).hasSize(4).element(2).satisfies(pods -> {
            assertThat(pods.level()).isEqualTo(Finding.Level.MISSING);
            assertThat(pods.detail()).isEqualTo("may not watch pods; create pods/exec");
            assertThat(pods.hint()).contains("a role in the namespace jobs", "roles.yaml");
        });
        assertThat(found).element(3).satisfies(leases -> {
            assertThat(leases.level()).isEqualTo(Finding.Level.MISSING);
            assertThat(leases.detail()).isEqualTo("may not update leases");
        });
    }

    @Test
    void credentialsThatAreNotValidAreTold() {
        version();
        server.reviews = asked -> new FakeApiServer.Answer(401, "{\"kind\":\"Status\",\"code\":401}");

        assertThat(found(this::access, PODS)).last().satisfies(pods -> {
            assertThat(pods.level()).isEqualTo(Finding.Level.MISSING);
            assertThat(pods.detail()).contains("status 401");
            assertThat(pods.hint()).contains("credentials are not valid");
        });
    }

    @Test
    void aServerThatNobodyReachesEndsTheLook() throws IOException {
        int nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = free.getLocalPort();
        }

        assertThat(found(() -> at("http://127.0.0.1:" + nobody), PODS, LEASES)).hasSize(2).last().satisfies(server -> {
            assertThat(server.name()).isEqualTo("kubernetes API");
            assertThat(server.level()).isEqualTo(Finding.Level.MISSING);
            assertThat(server.detail()).contains("127.0.0.1:" + nobody + " does not answer");
        });
    }

    @Test
    void whatIsNoApiServerIsSeen() {
        server.version = "<html>\n<p>Welcome</p>";

        assertThat(found(this::access, PODS)).hasSize(2).last().satisfies(server -> {
            assertThat(server.level()).isEqualTo(Finding.Level.MISSING);
            assertThat(server.detail()).contains("not as a Kubernetes API server does");
        });
    }

    @Test
    void anAnswerWithoutAVerdictIsNoYes() {
        version();
        server.reviews = asked -> new FakeApiServer.Answer(201, asked.contains("leases")
                ? "[nonsense"
                : "{\"kind\":\"SelfSubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/v1\"}");

        assertThat(found(this::access, PODS, LEASES)).filteredOn(each -> each.name().contains(" in ")).hasSize(2)
                .allSatisfy(each -> assertThat(each.level()).isEqualTo(Finding.Level.WARN));
    }

    @Test
    void withoutAnyAccessNothingIsAsked() {
        assertThat(found(Config::empty, PODS)).singleElement().satisfies(access -> {
            assertThat(access.level()).isEqualTo(Finding.Level.MISSING);
            assertThat(access.detail()).contains("no context");
            assertThat(access.hint()).contains("automountServiceAccountToken");
        });
    }

    @Test
    void whoNeedsNoClusterIsToldNothing() {
        assertThat(found(() -> {
            throw new IOException("nobody asks");
        })).isEmpty();
    }

    @Test
    void aKubeconfigThatCannotBeReadIsTold() {
        assertThat(found(() -> {
            throw new IOException("permission denied");
        }, PODS)).singleElement()
                .satisfies(access -> assertThat(access.detail()).contains("permission denied"));
    }

    @Test
    void theLookEndsAfterItsTime() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        CountDownLatch begun = new CountDownLatch(1);
        ClusterFindings findings = new ClusterFindings(List.of(PODS), scheduler, () -> {
            begun.countDown();
            // as a program that a kubeconfig has give out credentials may hang; the end of the wait interrupts it
            new CountDownLatch(1).await();
            return Config.empty();
        }, time);

        StepVerifier.create(findings.all()).then(() -> await(begun))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(20)))
                .assertNext(found -> assertThat(found).singleElement()
                        .satisfies(each -> assertThat(each.detail()).isEqualTo("gave no answers within 20 s")))
                .expectComplete().verify(PATIENCE);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
