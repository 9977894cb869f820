package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import tools.jackson.databind.JsonNode;

/** One window of the {@link Browser}; it remembers every request and every complaint. */
final class BrowserPage implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    /** Requests as the page sent them. */
    final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    /** Exceptions, refused by the policy, failed to load. */
    final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Browser browser;
    private final String session;
    private final String context;

    BrowserPage(Browser browser, String session, String context) {
        this.browser = browser;
        this.session = session;
        this.context = context;
    }

    void begin() {
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
        size(1440, 900);
    }

    void event(JsonNode message) {
        JsonNode parameters = message.get("params");
        switch (message.get("method").stringValue()) {
            case "Network.requestWillBeSent" -> requests.add(parameters.get("request"));
            case "Runtime.exceptionThrown" -> complaints.add(parameters.get("exceptionDetails").toString());
            case "Log.entryAdded" -> complaints.add(parameters.get("entry").toString());
            default -> {
                // not looked at
            }
        }
    }

    void size(int width, int height) {
        call("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void theme(String light) {
        call("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", light))));
    }

    /** Runs in each document before its own scripts. */
    void before(String script) {
        call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    void open(URI address) {
        call("Page.navigate", Map.of("url", address.toString()));
    }

    /** What this script gives; of a promise, what it becomes. */
    JsonNode value(String script) {
        JsonNode answer = call("Runtime.evaluate",
                Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(script + ": " + answer.get("exceptionDetails"));
        }
        return answer.get("result").path("value");
    }

    /** As {@link #value}, again when the page was left for another one meanwhile. */
    private JsonNode asked(String script) {
        try {
            return value(script);
        } catch (AssertionError e) {
            if (!String.valueOf(e.getCause()).contains("context")
                    && !String.valueOf(e.getCause()).contains("navigated")) {
                throw e;
            }
            return value(script);
        }
    }

    String text(String selector) {
        return value("document.querySelector('" + selector + "')?.innerText ?? ''").stringValue();
    }

    int count(String selector) {
        return value("document.querySelectorAll('" + selector + "').length").intValue();
    }

    /** Waits, in the page, until this holds. */
    void until(String condition) {
        boolean held = asked("""
                new Promise((done) => {
                  const begin = Date.now();
                  const look = () => {
                    let good = false;
                    try { good = Boolean(%s); } catch { /* not there yet */ }
                    if (good || Date.now() - begin > %d) done(good); else setTimeout(look, 25);
                  };
                  look();
                })""".formatted(condition, PATIENCE_MILLIS)).booleanValue();
        if (!held) {
            throw new AssertionError("never held: " + condition + "\ncomplaints: " + complaints + "\npage: "
                    + value("location.href + '\\n' + document.body.innerText.slice(0, 2000)"));
        }
    }

    /** Waits until this text stands in the page. */
    void untilText(String selector, String text) {
        until("document.querySelector('" + selector + "').innerText.includes(" + quoted(text) + ")");
    }

    void click(String selector) {
        until("document.querySelector('" + selector + "') && !document.querySelector('" + selector + "').disabled");
        value("document.querySelector('" + selector + "').click()");
    }

    /** The button with these words in them. */
    void press(String words) {
        String find = "[...document.querySelectorAll('button, summary')].filter((each) => each.textContent.trim() === "
                + quoted(words) + " && !each.disabled && each.checkVisibility()).at(-1)";
        until(find);
        value(find + ".click()");
    }

    /** One key, as a person presses it. */
    void key(String key) {
        String text = key.length() == 1 ? key : key.equals("Enter") ? "\r" : "";
        call("Input.dispatchKeyEvent", text.isEmpty()
                ? Map.of("type", "rawKeyDown", "key", key)
                : Map.of("type", "keyDown", "key", key, "text", text));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    void type(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    void picture(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder()
                .decode(call("Page.captureScreenshot", Map.of("format", "png")).get("data").stringValue()));
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        return browser.call(session, method, parameters);
    }

    @Override
    public void close() {
        browser.forget(session, context);
    }
}
