package dev.coxswain.supervisor;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/** Who may import whom. One rule a line, each with its reason. */
class ArchitectureTest {
    private static final String BASE = "dev.coxswain.supervisor";
    private static final String EXECUTORS = "dev.coxswain.executors";
    private static final String DELIVERABLE = EXECUTORS + ".deliverable";
    private static final String GIT = EXECUTORS + ".git";
    private static final String YAML = EXECUTORS + ".yaml";
    private static final String FILES = EXECUTORS + ".files";
    private static final String EXEC = EXECUTORS + ".exec";
    private static final String EXPRESSION = EXECUTORS + ".actions.expression";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.coxswain");

    @Test
    void roomsImportOnlyWhatTheTableAllows() {
        List<ArchRule> table = List.of(
                room("config", "it only composes the rooms' own records", "controlplane", "admin", "logs", "upload",
                        "runner", "pressure", "executors", "executors.process", "executors.container",
                        "executors.kubernetes", "executors.pipeline",
                        "executors.responses", "executors.flutter", "executors.function", "coderunner",
                        "coderunner.access", "shard", "traces"),
                room("admin", "it shows the fleet and drains it, nothing else", "fleet", "metrics", "controlplane"),
                room("client", "it reads JSON as anybody would; only the word for a secret is shared",
                        "controlplane"),
                room("fleet", "it starts runners; what they do is theirs", "runner", "metrics", "controlplane",
                        "journal", "logs", "http"),
                room("shard", "it says which runners lease here; how they lease is the fleet's business", "fleet",
                        "runner", "metrics", "controlplane"),
                room("runner", "the bracket joins the rooms and knows no protocol", "controlplane", "executors",
                        "logs", "upload", "journal", "metrics", "http"),
                room("logs", "it ships bytes for whoever owns them", "controlplane", "executors", "http", "metrics"),
                room("upload", "it ships files for whoever signs them", "controlplane", "executors", "http",
                        "metrics"),
                room("journal", "it stores values and decides nothing", "controlplane"),
                room("traces", "it tells strangers what became of jobs, and nobody's work waits for it", "runner",
                        "metrics", "controlplane"),
                room("controlplane", "the port must not know its adapters", "executors"),
                room("controlplane.wire", "what adapters share of HTTP and JSON knows no protocol", "controlplane",
                        "http"),
                room("controlplane.xenonflare", "an adapter speaks one vendor's protocols and knows no other adapter",
                        "controlplane", "controlplane.wire", "executors", "executors.deliverable", "http", "metrics"),
                room("controlplane.oore", "an adapter speaks one vendor's protocols and knows no other adapter",
                        "controlplane", "controlplane.wire", "executors", "http", "metrics"),
                room("controlplane.shithub", "an adapter speaks one vendor's protocols and knows no other adapter",
                        "controlplane", "controlplane.wire", "executors", "http"),
                room("controlplane.coderunner",
                        "an adapter knows no other adapter; the server it leases from comes to it",
                        "controlplane", "executors"),
                room("coderunner", "it serves an API and queues executions; who runs them is the fleet's business",
                        "coderunner.access", "coderunner.archive", "controlplane", "controlplane.coderunner",
                        "executors", "executors.function", "http", "metrics"),
                room("coderunner.access", "who may call is decided without knowing what for", "controlplane"),
                room("coderunner.archive", "a stranger's file is looked at by code that knows nothing else"),
                room("register", "it makes runners and keeps their credentials, at whichever control plane",
                        "controlplane"),
                room("functions",
                        "a client speaks to a Coderunner as anybody would; code is read by the workload's rules",
                        "controlplane", "http", "executors.function"),
                room("http", "transport knows no protocol", "metrics"),
                room("metrics", "meters are named by themselves, not by those who count"),
                room("notify", "it passes words on to the service manager; what they mean is decided by who says them"),
                room("pressure", "it looks at the host and knows nothing of what runs on it", "metrics"),
                room("simulator", "an independent reading of the contracts: sharing code would share mistakes"),
                room("simulator.studio", "one simulated protocol, inside the simulator's frame", "simulator"),
                room("simulator.model", "a simulated model server, inside the simulator's frame", "simulator"),
                room("simulator.workspace", "one simulated protocol, inside the simulator's frame", "simulator"),
                room("simulator.git", "what Git asks of a server, inside the simulator's frame", "simulator"),
                room("simulator.oore", "one simulated protocol, inside the simulator's frame", "simulator",
                        "simulator.git"),
                room("simulator.shithub", "one simulated protocol, inside the simulator's frame", "simulator",
                        "simulator.git"),
                room("doctor", "it looks at the host, and its clock is the fleet's (FleetClock)", "controlplane"));
        table.forEach(rule -> rule.allowEmptyShould(true).check(CLASSES));
    }

    @Test
    void executorsKnowNothingOfTheSupervisor() {
        noClasses().that().resideInAPackage(EXECUTORS + "..").should().dependOnClassesThat()
                .resideInAPackage(BASE + "..").because("what runs a job must not know who found it").check(CLASSES);
        slices().matching(EXECUTORS + ".(*)..").should().notDependOnEachOther()
                .ignoreDependency(resideInAPackage(EXECUTORS + ".responses"), resideInAPackage(DELIVERABLE))
                .ignoreDependency(resideInAnyPackage(EXECUTORS + ".flutter", EXECUTORS + ".actions"),
                        resideInAnyPackage(GIT, YAML))
                .ignoreDependency(resideInAnyPackage(EXECUTORS + ".process", EXECUTORS + ".container"),
                        resideInAPackage(FILES))
                .ignoreDependency(resideInAnyPackage(EXECUTORS + ".container", EXECUTORS + ".kubernetes"),
                        resideInAPackage(EXEC))
                .because("an executor or workload can be understood and replaced alone").check(CLASSES);
        classes().that().resideInAPackage(DELIVERABLE).should()
                .onlyDependOnClassesThat(resideInAPackage(DELIVERABLE)
                        .or(DescribedPredicate.not(resideInAPackage("dev.coxswain.."))))
                .because("this shared room holds values and their rules, and nothing that runs").check(CLASSES);
        classes().that().resideInAPackage(GIT).should()
                .onlyDependOnClassesThat(resideInAnyPackage(GIT, EXECUTORS)
                        .or(DescribedPredicate.not(resideInAPackage("dev.coxswain.."))))
                .because("this shared room checks out in any workspace, and knows no executor and no workload")
                .check(CLASSES);
        classes().that().resideInAPackage(FILES).should()
                .onlyDependOnClassesThat(resideInAnyPackage(FILES, EXECUTORS)
                        .or(DescribedPredicate.not(resideInAnyPackage("dev.coxswain..", "reactor.."))))
                .because("this shared room keeps a job's folder, and knows nothing of what runs in it").check(CLASSES);
        classes().that().resideInAPackage(EXEC).should()
                .onlyDependOnClassesThat(resideInAnyPackage(EXEC, EXECUTORS)
                        .or(DescribedPredicate.not(resideInAnyPackage("dev.coxswain..", "reactor.."))))
                .because("this shared room reads what an exec says, and knows no engine and no cluster").check(CLASSES);
        classes().that().resideInAPackage(YAML).should()
                .onlyDependOnClassesThat(resideInAPackage(YAML)
                        .or(DescribedPredicate.not(resideInAnyPackage("dev.coxswain..", "reactor.."))))
                .because("this shared room reads a form, and knows nothing of what it means").check(CLASSES);
        classes().that().resideInAPackage(EXPRESSION).should()
                .onlyDependOnClassesThat(resideInAPackage(EXPRESSION)
                        .or(DescribedPredicate.not(resideInAnyPackage("dev.coxswain..", "reactor.."))))
                .because("what a text means does not depend on who runs it, nor when").check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.coxswain.(*).(*)..").should().beFreeOfCycles()
                .because("a cycle is one room with two doors").check(CLASSES);
    }

    @Test
    void nothingIsBuiltOnTheBenches() {
        noClasses().that().resideOutsideOfPackages(BASE + ".bench", BASE + ".cli").should().dependOnClassesThat()
                .resideInAPackage(BASE + ".bench").because("who measures must not be measured").check(CLASSES);
    }

    @Test
    void onlyTheEntranceWiresAndExits() {
        classes().that(resideInAnyPackage(BASE, BASE + ".config")).should()
                .onlyBeAccessed()
                .byClassesThat(
                        resideInAnyPackage(BASE, BASE + ".cli", BASE + ".demo", BASE + ".bench", BASE + ".config"))
                .because("everything is wired in one place").check(CLASSES);
        noClasses().that().doNotHaveFullyQualifiedName(BASE + ".Main").should()
                .callMethod(System.class, "exit", int.class).because("only Main ends the process").check(CLASSES);
    }

    @Test
    void nothingBlocksOutsideTheEntrance() {
        noClasses().that().resideOutsideOfPackages(BASE, BASE + ".cli", BASE + ".demo", BASE + ".bench").should()
                .callMethodWhere(
                        DescribedPredicate.describe("block", call -> call.getName().startsWith("block")
                                && call.getTargetOwner().getPackageName().equals("reactor.core.publisher")))
                .because("a blocked event loop holds up every lease").check(CLASSES);
        noClasses().should().callMethod(Thread.class, "sleep", long.class)
                .because("time is a scheduler's business").check(CLASSES);
        noClasses().should().callMethod(Mono.class, "subscribe").orShould()
                .callMethod(Flux.class, "subscribe")
                .because("an error without a handler is a swallowed error").check(CLASSES);
    }

    @Test
    void jacksonStaysInsideTheAdapters() {
        noClasses().that().resideInAnyPackage(BASE + ".controlplane", BASE + ".runner..", BASE + ".fleet..",
                BASE + ".upload..", BASE + ".logs..").should().dependOnClassesThat()
                .resideInAPackage("tools.jackson..").because("a wire format must not leak out of its adapter")
                .check(CLASSES);
    }

    @Test
    void openTelemetryStaysInItsRoom() {
        noClasses().that().resideOutsideOfPackage(BASE + ".traces").should().dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..").because("whoever is followed must not know by whom")
                .check(CLASSES);
    }

    @Test
    void theImportSawTheProduct() {
        assertThat(CLASSES.that(alwaysTrue())).hasSizeGreaterThan(100);
    }

    private static ArchRule room(String name, String because, String... mayImport) {
        String self = BASE + "." + name;
        List<String> allowed = new ArrayList<>();
        allowed.add(self);
        for (String other : mayImport) {
            allowed.add(other.startsWith("executors") ? "dev.coxswain." + other : BASE + "." + other);
        }
        return classes().that().resideInAPackage(self).should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new))
                        .or(DescribedPredicate.not(resideInAPackage("dev.coxswain.."))))
                .because(because);
    }
}
