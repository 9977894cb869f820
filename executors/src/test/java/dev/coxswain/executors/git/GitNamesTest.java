package dev.coxswain.executors.git;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.SourceAccess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What comes from outside and ends up in a git command is a URL or a name, and nothing else. */
class GitNamesTest {
    @ParameterizedTest
    @CsvSource({"https://h.example/a/b.git, https, https:ssh", "http://127.0.0.1:80/a, http, https:ssh:http",
            "ssh://git@h.example:22/a, ssh, https:ssh", "git@h.example:a/b.git, ssh, https:ssh",
            "/srv/git/a, file, https:ssh:file"})
    void aUrlAllowsItsOwnProtocolAndSubmodulesTheSafeOnes(String url, String fetch, String submodules) {
        GitRemote remote = GitRemote.of(url, null);

        assertThat(remote.fetchUrl()).isEqualTo(url);
        assertThat(remote.fetchProtocols()).isEqualTo(fetch);
        assertThat(remote.submoduleProtocols()).isEqualTo(submodules);
        assertThat(remote.header()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "--upload-pack=id", "-x", "ext::sh -c id", "fd::3", "file:///etc", "ftp://h/a",
            "git://h/a", "https://h/a\nb", "ssh://-oProxyCommand=id/a", "-h:a", "h:-x", "../app", "app",
            "https://h?x=1", "https://-h/a", "/srv/\u0000"})
    void whatIsNoUrlOfARepositoryIsRefused(String url) {
        assertThatThrownBy(() -> GitRemote.of(url, null)).isInstanceOf(GitRefusedException.class);
    }

    @Test
    void noUrlHoldsACredential() {
        GitRemote remote = GitRemote.of("https://tok%40en@h.example/a.git", null);

        assertThat(remote.fetchUrl()).isEqualTo(remote.origin()).isEqualTo("https://h.example/a.git");
        assertThat(remote.header()).isEqualTo("Authorization: Basic dG9rQGVuOg==");
        assertThat(remote).hasToString("GitRemote[https://h.example/a.git]");
    }

    @Test
    void aGuardedRepositoryIsFetchedFromItsProxyAndKeepsItsOwnName() {
        GitRemote remote = GitRemote.of("https://me:secret@h.example/a.git",
                new SourceAccess("http://127.0.0.1:8787/proxy", "Authorization: Bearer t"));

        assertThat(remote).isEqualTo(new GitRemote("https://h.example/a.git", "http://127.0.0.1:8787/proxy",
                "Authorization: Bearer t", true));
        assertThat(remote.submoduleProtocols()).isEqualTo("https:ssh");
        assertThatThrownBy(() -> GitRemote.of("", new SourceAccess("http://h/a", "A: b\r\nC: d")))
                .isInstanceOf(GitRefusedException.class).hasMessageNotContaining("C: d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "feature/x-1", "refs/heads/main", "v1.0", "Grüße"})
    void aBranchIsAName(String branch) {
        assertThat(GitRef.of(null, branch)).isEqualTo(new GitRef.Branch(branch.replace("refs/heads/", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x", "--upload-pack=id", "a b", "a..b", "a:b", "a~1", "a^", "/a", "a/", "a//b", ".a", "a.",
            "a.lock", "@", "@{1}", "a\nb", "a*", "a/.b", "refs/heads/", "+a:b", "a\\b"})
    void whatGitAllowsAsNoBranchIsRefused(String branch) {
        assertThatThrownBy(() -> GitRef.of(null, branch)).isInstanceOf(GitRefusedException.class)
                .hasMessageContaining("branch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "-1", "abc", "HEAD", "0123456789012345678901234567890123456789 --x",
            "g123456789012345678901234567890123456789"})
    void aCommitIsAnIdAndNothingElse(String sha) {
        assertThatThrownBy(() -> GitRef.of(sha, "main")).isInstanceOf(GitRefusedException.class)
                .hasMessageContaining("commit_sha").hasMessageContaining("40 or 64");
    }

    @Test
    void aCommitIsKnownInBothLengths() {
        assertThat(GitRef.of("A".repeat(40), null)).isEqualTo(new GitRef.Commit("a".repeat(40), null));
        assertThat(((GitRef.Commit) GitRef.of("0".repeat(64), "main")).isSha256()).isTrue();
    }
}
