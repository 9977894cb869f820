package dev.coxswain.executors.function;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.function.FunctionCode.EntryPoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which file is run, and what it needs (contract coderunner 7). */
class FunctionCodeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    @ParameterizedTest
    @CsvSource({"NODEJS, server.js handler.js app.js, handler.js", "NODEJS, index.cjs index.mjs main.js, index.mjs",
            "NODEJS, function.cjs other.js, function.cjs", "PYTHON, app.py __main__.py, app.py",
            "PYTHON, __main__.py other.py, __main__.py", "PYTHON, handler.py main.py, main.py",
            "DOTNET_SCRIPT, index.csx main.csx, main.csx", "DOTNET_SCRIPT, anything.csx helper.cs, anything.csx"})
    void theFirstOfTheNamesIsRun(Language language, String files, String entry) throws Exception {
        for (String name : files.split(" ")) {
            file(name, "");
        }

        assertThat(FunctionCode.find(folder, language)).isEqualTo(new EntryPoint(entry));
    }

    @ParameterizedTest
    @CsvSource({"lib/start.js, lib/start.js", "./lib/start, lib/start.js", "lib, lib/index.js", "missing.js, index.js",
            "../outside.js, index.js", "/etc/passwd, index.js", "'', index.js"})
    void packageJsonSaysWhatIsRunWhenItIsThere(String main, String entry) throws Exception {
        file("code/package.json", "{\"main\": \"" + main + "\"}");
        file("code/lib/start.js", "");
        file("code/lib/index.js", "");
        file("code/index.js", "");
        file("outside.js", "");

        assertThat(FunctionCode.find(folder.resolve("code"), Language.NODEJS)).isEqualTo(new EntryPoint(entry));
    }

    @Test
    void aLinkIsNoEntryPoint() throws Exception {
        file("there.py", "");
        Files.createSymbolicLink(folder.resolve("main.py"), folder.resolve("there.py"));

        assertThatThrownBy(() -> FunctionCode.find(folder, Language.PYTHON)).isInstanceOf(FunctionCodeException.class)
                .hasMessageContaining("no entry point").hasMessageContaining("main, handler, app");
    }

    @Test
    void severalScriptsWithoutAKnownNameAreNone() throws Exception {
        file("one.csx", "");
        file("two.csx", "");

        assertThatThrownBy(() -> FunctionCode.find(folder, Language.DOTNET_SCRIPT))
                .hasMessageContaining("there are 2");
    }

    @Test
    void aPackageJsonThatIsBrokenIsNamedWithItsLine() throws Exception {
        file("package.json", "{\n  \"main\": oops\n}");

        assertThatThrownBy(() -> FunctionCode.find(folder, Language.NODEJS))
                .hasMessage("package.json is not valid JSON, line 2");
        file("package.json", "[1]");
        assertThatThrownBy(() -> FunctionCode.find(folder, Language.NODEJS))
                .hasMessage("package.json is no JSON object");
    }

    private List<String> preparation(Language language) throws Exception {
        Command command = FunctionCode.preparation(folder, language, new EntryPoint("index.js"));
        return command == null ? List.of() : command.argv();
    }

    @Test
    void npmInstallsWhatALockFileOrPackageJsonNames() throws Exception {
        assertThat(preparation(Language.NODEJS)).isEmpty();
        file("package.json", "{\"dependencies\": {}}");
        assertThat(preparation(Language.NODEJS)).isEmpty();
        file("package.json", "{\"dependencies\": {\"left-pad\": \"1.3.0\"}}");
        assertThat(preparation(Language.NODEJS)).startsWith("npm", "install", "--omit=dev", "--ignore-scripts")
                .endsWith("--prefix", folder.toString());
        file("package-lock.json", "{}");
        assertThat(preparation(Language.NODEJS)).startsWith("npm", "ci");
        file("node_modules/left-pad/index.js", "");
        assertThat(preparation(Language.NODEJS)).isEmpty();
    }

    @Test
    void pipInstallsWheelsIntoAFolderOfTheVersion() throws Exception {
        assertThat(preparation(Language.PYTHON)).isEmpty();
        file("requirements.txt", "# nothing\n\n");
        assertThat(preparation(Language.PYTHON)).isEmpty();
        file("requirements.txt", "six==1.16.0\n");
        assertThat(preparation(Language.PYTHON)).contains("--only-binary=:all:", "--target",
                folder.resolve(".coxswain-deps").toString())
                .endsWith("-r", folder.resolve("requirements.txt").toString());
    }
}
