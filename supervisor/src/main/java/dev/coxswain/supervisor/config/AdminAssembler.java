package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.admin.AdminConfig;
import dev.coxswain.supervisor.config.FleetKeys.Admin;
import dev.coxswain.supervisor.config.FleetKeys.Metrics;
import dev.coxswain.supervisor.config.FleetKeys.Supervisor;
import dev.coxswain.supervisor.controlplane.Secret;

/** Makes {@code supervisor.admin} and {@code supervisor.metrics}. */
final class AdminAssembler {
    private static final int MAX_TOKEN_FILE_BYTES = 64 << 10;

    private final Reader reader;
    private final Section supervisor;
    private final Set<Secret> secrets;

    AdminAssembler(Reader reader, Section supervisor, Set<Secret> secrets) {
        this.reader = reader;
        this.supervisor = supervisor;
        this.secrets = secrets;
    }

    AdminConfig assemble() {
        Section admin = supervisor.below(Supervisor.ADMIN);
        Section metrics = supervisor.below(Supervisor.METRICS);
        ListenAddress api = admin.get(Admin.LISTEN);
        ListenAddress scrape = metrics.get(Metrics.LISTEN);
        Secret token = token(admin);
        boolean tokenWritten = admin.isWritten(Admin.TOKEN) || admin.isWritten(Admin.TOKEN_FILE);
        if (!api.isLoopback() && !tokenWritten) {
            admin.refuse(Admin.LISTEN, "needs a token, because others than this host can reach it",
                    "set tokenFile, or listen on 127.0.0.1");
        }
        if (api.port() != 0 && api.equals(scrape)) {
            Section second = metrics.isWritten(Metrics.LISTEN) ? metrics : admin;
            second.refuse(second == metrics ? Metrics.LISTEN : Admin.LISTEN,
                    "admin and metrics listen on the same address", null);
        }
        return new AdminConfig(api.host(), api.port(), token, scrape.host(), scrape.port());
    }

    private @Nullable Secret token(Section admin) {
        if (admin.isWritten(Admin.TOKEN) && admin.isWritten(Admin.TOKEN_FILE)) {
            admin.refuse(Admin.TOKEN, "stands beside tokenFile", "use one of them");
            return null;
        }
        String text = admin.find(Admin.TOKEN);
        if (admin.anyWritten(Admin.TOKEN, written -> !written.contains("${")) && reader.isWorldReadable()) {
            admin.warn(Admin.TOKEN, "everybody on this host can read this file", "chmod 600 it, or use tokenFile");
        }
        Path file = admin.secretFile(Admin.TOKEN_FILE);
        if (file != null) {
            try {
                text = Values.secret(TextFile.read(file, MAX_TOKEN_FILE_BYTES).strip());
                if (TextFile.isWorldReadable(file)) {
                    admin.warn(Admin.TOKEN_FILE, "everybody on this host can read " + file, "chmod 600 it");
                }
            } catch (Refused e) {
                admin.refuse(Admin.TOKEN_FILE, file + ": " + e.text(), e.hint());
            }
        }
        if (text == null) {
            return null;
        }
        Secret token = new Secret(text);
        secrets.add(token);
        return token;
    }
}
