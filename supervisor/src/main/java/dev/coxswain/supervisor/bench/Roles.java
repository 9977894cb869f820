package dev.coxswain.supervisor.bench;

/** The roles by their names. */
final class Roles {
    private Roles() {}

    static Role open(Order settings) throws java.io.IOException {
        return switch (settings.what()) {
            case "server" -> new BenchServer(settings);
            case "minimal" -> new MinimalLoop(settings);
            case "threads" -> new ThreadClient(settings);
            case "engine" -> new Engine(settings);
            case "journal" -> new JournalRole(settings);
            case "spawn" -> new SpawnRole(settings);
            case "uploads" -> new UploadRole(settings);
            case "tokens" -> new TokensRole(settings);
            case "logs" -> new LogRole(settings);
            default -> throw new IllegalArgumentException("no role " + settings.what());
        };
    }
}
