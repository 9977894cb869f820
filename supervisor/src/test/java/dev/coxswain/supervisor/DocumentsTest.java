package dev.coxswain.supervisor;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.cli.Cox;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** What the documents say about files, commands, classes and dependencies is still so. */
class DocumentsTest {
    /** Tests run in the module's folder. */
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern CLASS = Pattern.compile("`([a-z/]+/[A-Z][A-Za-z]+)`");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+Test)`");
    private static final Set<String> DECLARATIONS = Set.of("dependency", "plugin", "path");

    @Test
    void everyCommandIsInTheReadme() throws IOException {
        List<String> commands = new ArrayList<>();
        collect(new CommandLine(Cox.class), "cox", commands);

        assertThat(commands).contains("cox run", "cox demo");
        String readme = text(ROOT.resolve("README.md"));
        assertThat(commands).allSatisfy(command -> assertThat(readme).containsPattern(
                "(?m)^\\| `" + Pattern.quote(command) + "[ `]"));
    }

    @Test
    void theReadmePromisesNoOtherCommand() throws IOException {
        List<String> commands = new ArrayList<>();
        collect(new CommandLine(Cox.class), "cox", commands);

        List<String> promised = Pattern.compile("(?m)^\\| `(cox [a-z]+)").matcher(text(ROOT.resolve("README.md")))
                .results().map(match -> match.group(1)).toList();
        assertThat(promised).isNotEmpty().isSubsetOf(commands);
    }

    @Test
    void everyDependencyAndPluginIsExplained() throws IOException, XMLStreamException {
        Set<String> declared = new TreeSet<>();
        for (String pom : List.of("pom.xml", "executors/pom.xml", "supervisor/pom.xml")) {
            declared.addAll(declarations(text(ROOT.resolve(pom))));
        }

        assertThat(declared).contains("io.projectreactor:reactor-core", "com.uber.nullaway:nullaway",
                "org.apache.maven.plugins:maven-surefire-plugin").hasSizeGreaterThan(40);
        String contributing = text(ROOT.resolve("CONTRIBUTING.md"));
        assertThat(declared).allSatisfy(name -> assertThat(contributing).contains("`" + name + "`"));
    }

    @Test
    void everyRelativeLinkLeadsToAFileAndAHeadingThatExist() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            for (String target : found(LINK, text(document))) {
                if (!target.matches("[a-z]+:.*")) {
                    links++;
                    if (!leadsSomewhere(document, target)) {
                        broken.add(ROOT.relativize(document) + " → " + target);
                    }
                }
            }
        }
        assertThat(links).isGreaterThan(20);
        assertThat(broken).isEmpty();
    }

    @Test
    void everyClassThatTheDesignNamesWithItsRoomExists() throws IOException {
        List<String> classes = found(CLASS, text(ROOT.resolve("supervisor/DESIGN.md")));

        assertThat(classes).hasSizeGreaterThan(20).allSatisfy(name -> assertThat(
                Stream.of("supervisor/src/main/java/dev/coxswain/supervisor/",
                        "executors/src/main/java/dev/coxswain/executors/")
                        .map(folder -> ROOT.resolve(folder + name + ".java")))
                .anySatisfy(file -> assertThat(file).exists()));
    }

    @Test
    void everyTestThatIsGivenAsEvidenceExists() throws IOException {
        Set<String> tests = sources("executors/src/test").collect(Collectors.toSet());
        sources("supervisor/src/test").forEach(tests::add);
        List<String> named = new ArrayList<>();
        for (Path document : documents()) {
            named.addAll(found(TEST, text(document)));
        }

        assertThat(named).contains("SettlementTest").isSubsetOf(tests);
    }

    private static void collect(CommandLine line, String name, List<String> commands) {
        line.getSubcommands().forEach((word, below) -> {
            commands.add(name + " " + word);
            collect(below, name + " " + word, commands);
        });
    }

    private static Stream<String> sources(String folder) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
            return all.map(path -> path.getFileName().toString()).filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length())).toList().stream();
        }
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md"),
                ROOT.resolve("supervisor/DESIGN.md")));
        for (String folder : List.of("deploy", "supervisor/adr", "grafana")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
                all.filter(path -> path.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }

    private static boolean leadsSomewhere(Path document, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? document : document.resolveSibling(path).normalize();
        if (!Files.exists(file)) {
            return false;
        }
        return hash < 0 || found(HEADING, text(file)).stream().map(DocumentsTest::anchor)
                .anyMatch(target.substring(hash + 1)::equals);
    }

    /** The anchor that a heading gets where the documents are shown. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    /** {@code groupId:artifactId} of everything that a pom declares: dependencies, plugins, compiler plugins. */
    private static Set<String> declarations(String pom) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(pom));
        Set<String> declared = new TreeSet<>();
        List<String> inside = new ArrayList<>();
        String group = "";
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    String name = xml.getLocalName();
                    String parent = inside.isEmpty() ? "" : inside.getLast();
                    if (DECLARATIONS.contains(name)) {
                        group = "org.apache.maven.plugins";
                    }
                    if (DECLARATIONS.contains(parent) && name.equals("groupId")) {
                        group = xml.getElementText();
                    } else if (DECLARATIONS.contains(parent) && name.equals("artifactId")) {
                        declared.add(group + ":" + xml.getElementText());
                    } else {
                        inside.add(name);
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> inside.removeLast();
                default -> {
                    // texts and comments say nothing here
                }
            }
        }
        return declared;
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }
}
