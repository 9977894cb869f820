package dev.coxswain.supervisor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Entrance of the processes that {@code cox bench} starts; not for people. Takes one order a line on standard input,
 * answers each with a line of JSON on standard output, and ends with its input, so that it never outlives its parent.
 */
public final class ChildMain {
    private static final JsonMapper MAPPER = new JsonMapper();

    private ChildMain() {}

    /** @param args the settings of the role, as one JSON object */
    public static void main(String[] args) throws IOException {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        PrintStream out = System.out;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Order settings = order(args[0]);
        try (Role role = Roles.open(settings)) {
            out.println("{}");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(MAPPER.writeValueAsString(answer(role, order(line))));
            }
        }
    }

    private static Order order(String line) {
        JsonNode json = MAPPER.readTree(line);
        return new Order(json.path("what").asString(), json);
    }

    private static Map<String, Object> answer(Role role, Order order) {
        try {
            Usage before = Usage.now();
            Map<String, Double> measured = role.carryOut(order);
            Map<String, Double> used = Usage.now().since(before);
            used.put("rss", Usage.residentBytes("self"));
            used.put("peakRss", Usage.peakResidentBytes());
            // what the role measured itself, more narrowly, wins
            used.putAll(measured);
            Map<String, Object> finite = new LinkedHashMap<>();
            used.forEach((name, value) -> {
                if (Double.isFinite(value)) {
                    finite.put(name, value);
                }
            });
            return finite;
        } catch (Exception e) {
            LoggerFactory.getLogger(ChildMain.class).debug("order failed", e);
            return Map.of("error", order.what() + ": " + e);
        }
    }
}
