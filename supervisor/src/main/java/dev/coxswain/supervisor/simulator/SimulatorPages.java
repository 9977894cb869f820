package dev.coxswain.supervisor.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.handler.codec.http.QueryStringDecoder;

/** The simulator's own pages: {@code /_sim/health} and {@code /_sim/ledger?jobs=N&requests=N}. No fault meets them. */
final class SimulatorPages {
    static final String BASE = "/_sim/";
    private static final int DEFAULT_JOBS = 1000;
    private static final int DEFAULT_REQUESTS = 100;
    private static final int MAX = 100_000;

    private final SimulatorContext context;

    SimulatorPages(SimulatorContext context) {
        this.context = context;
    }

    Answer answer(String method, String uri) {
        if (!method.equals("GET")) {
            return Answer.error(405, "method not allowed").withHeader("Allow", "GET");
        }
        QueryStringDecoder query = new QueryStringDecoder(uri);
        return switch (query.path()) {
            case "/_sim/health" -> Answer.json(200, Map.of("status", "ok"));
            case "/_sim/ledger" -> ledger(query);
            default -> Answer.error(404, "not found");
        };
    }

    private Answer ledger(QueryStringDecoder query) {
        int jobs;
        int requests;
        try {
            jobs = number(query, "jobs", DEFAULT_JOBS);
            requests = number(query, "requests", DEFAULT_REQUESTS);
        } catch (NumberFormatException e) {
            return Answer.error(400, "jobs and requests are whole numbers from 0 to " + MAX);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seed", context.config().seed());
        json.put("faultProfile", context.config().faults().name());
        json.put("clockSkewSeconds", context.skew().toSeconds());
        json.putAll(context.ledger().toMap(jobs, requests));
        return Answer.json(200, json);
    }

    private static int number(QueryStringDecoder query, String name, int otherwise) {
        List<String> values = query.parameters().get(name);
        if (values == null) {
            return otherwise;
        }
        int number = Integer.parseInt(values.get(0));
        if (number < 0 || number > MAX) {
            throw new NumberFormatException(name);
        }
        return number;
    }
}
