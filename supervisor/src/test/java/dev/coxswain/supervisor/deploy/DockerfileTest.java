package dev.coxswain.supervisor.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules of an image that can be read off its Dockerfile. */
class DockerfileTest {
    private static final String TEXT = DeployFiles.text(DeployFiles.FOLDER.resolve("Dockerfile"));
    /** Comments and continued lines are gone. */
    private static final List<String> STEPS = TEXT.replaceAll("(?m)^#.*\n", "").replace("\\\n", " ").lines()
            .filter(line -> !line.isBlank()).toList();

    @Test
    void everyStageBeginsWithOnePinnedBase() {
        assertThat(values("ARG")).singleElement().asString().matches("BASE=\\S+:[0-9][^:]*[0-9_.+-][^:]*");
        assertThat(values("ARG").getFirst()).doesNotEndWith(":latest").contains("25.", "jre");
        assertThat(values("FROM")).hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(from -> assertThat(from).startsWith("${BASE}"));
    }

    @Test
    void itRunsAsANumberThatIsNotRoot() {
        int user = STEPS.indexOf("USER 10001:10001");

        assertThat(values("USER")).containsExactly("10001:10001");
        assertThat(STEPS.subList(user, STEPS.size())).noneMatch(step -> step.startsWith("RUN"));
    }

    @Test
    void itsProcessIsReapedAndGetsItsSignals() {
        JsonNode entry = DeployFiles.MAPPER.readTree(values("ENTRYPOINT").getFirst());

        assertThat(values("ENTRYPOINT")).hasSize(1);
        assertThat(entry.valueStream().map(JsonNode::asString)).containsExactly("/usr/bin/tini", "--",
                "/opt/coxswain/cox");
        assertThat(DeployFiles.MAPPER.readTree(values("CMD").getFirst()).path(0).asString()).isEqualTo("run");
        assertThat(values("STOPSIGNAL")).containsExactly("SIGTERM");
        assertThat(values("RUN")).anyMatch(run -> run.contains("apt-get install") && run.contains(" tini"));
    }

    @Test
    void nothingComesFromAnAddressAndNothingIsLeftOfTheLists() {
        assertThat(values("ADD")).isEmpty();
        assertThat(values("RUN")).noneMatch(run -> run.contains("curl ") || run.contains("wget "))
                .filteredOn(run -> run.contains("apt-get update"))
                .allSatisfy(run -> assertThat(run).contains("--no-install-recommends")
                        .endsWith("rm -rf /var/lib/apt/lists/*"));
    }

    @Test
    void whatItCopiesIsWhatTheBuildMakes() throws Exception {
        var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(DeployFiles.ROOT.resolve("supervisor/pom.xml").toFile());
        NodeList names = pom.getElementsByTagName("finalName");
        Set<String> made = new TreeSet<>();
        for (int i = 0; i < names.getLength(); i++) {
            made.add(names.item(i).getTextContent());
        }

        List<String> copied = values("COPY").stream().filter(copy -> !copy.startsWith("--from=")).toList();
        assertThat(made).contains("coxswain-${project.version}");
        assertThat(copied).containsExactly("supervisor/target/coxswain-*.tar.gz /coxswain.tar.gz");
    }

    @Test
    void theProgramsItNamesAreInTheDistribution() {
        String assembly = DeployFiles.text(DeployFiles.ROOT.resolve("supervisor/src/assembly/distribution.xml"));
        List<String> named = Pattern.compile("/opt/coxswain/([a-z]+)").matcher(TEXT).results()
                .map((MatchResult match) -> match.group(1)).distinct().toList();

        assertThat(named).contains("cox", "warm").allSatisfy(program -> assertThat(
                Arrays.stream(assembly.split("\\s*</?source>\\s*")).map(Path::of).map(Path::getFileName)
                        .filter(Objects::nonNull).map(Path::toString))
                .contains(program));
        assertThat(Files.isExecutable(DeployFiles.FOLDER.resolve("dist/warm"))).isTrue();
        assertThat(values("RUN")).contains("/opt/coxswain/warm");
    }

    private static List<String> values(String word) {
        return STEPS.stream().filter(step -> step.startsWith(word + " "))
                .map(step -> step.substring(word.length() + 1).strip()).toList();
    }
}
