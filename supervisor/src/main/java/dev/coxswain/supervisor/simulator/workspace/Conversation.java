package dev.coxswain.supervisor.simulator.workspace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Topic;

/**
 * What a workspace's job is about: a conversation of the simulator's own, the same for the same seed (contract
 * xenonflare-workspace 3). Its messages are made when somebody asks, so that a million of them cost nothing.
 *
 * @param seed of the texts
 * @param shape how much there is of it
 */
record Conversation(String id, long seed, Shape shape, Topic topic, long beganMillis) {
    private static final String[] WORDS = {"harbour", "rope", "\"tide\"", "lamp", "chart", "wind", "keel", "Ørsted",
            "signal", "fog", "knot", "ferry", "水", "anchor", "log-book", "⚓", "crew", "map", "storm", "C:\\maps"};
    private static final int RECENT = 3;

    /** How much there is of a conversation, and what is known of its earlier part. */
    enum Shape {
        /** No message, only an idea from old times. */
        IDEA(0, 0),
        /** Recent messages only. */
        RECENT_ONLY(0, 0),
        /** An earlier part that is short enough to be used as it is. */
        SHORT_PRIOR(4, 12),
        /** An earlier part that wants a summary; none is stored. */
        LONG_PRIOR(32, 220),
        /** The same; the stored summary ends too early. */
        STALE_SUMMARY(32, 220),
        /** The same; the stored summary covers it. */
        COVERED(32, 220);

        private final int priorMessages;
        private final int words;

        Shape(int priorMessages, int words) {
            this.priorMessages = priorMessages;
            this.words = words;
        }

        /** Shapes in turn, each block of six begins one later, so that every kind of runner meets all of them. */
        static Shape nth(int n, long seed) {
            int count = values().length;
            return values()[(int) Math.floorMod(seed + n + n / count, (long) count)];
        }

        private boolean isLong() {
            return words > 100;
        }
    }

    /** One of the user's messages. */
    private record Message(String id, String text, long millis) {
        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("id", id);
            map.put("role", "user");
            map.put("text", text);
            map.put("createdAtMs", millis);
            return map;
        }
    }

    /** What the lease answer tells about it; runners use nothing of it. */
    Map<String, Object> workspace(String target) {
        Map<String, Object> workspace = new LinkedHashMap<>();
        workspace.put("title", topic.topic());
        workspace.put("target", target);
        return workspace;
    }

    /** The summary that is there from the start. */
    @Nullable
    Summary firstSummary() {
        return switch (shape) {
            case IDEA, RECENT_ONLY, SHORT_PRIOR, LONG_PRIOR -> null;
            case STALE_SUMMARY -> new Summary("So far it was about " + topic.topic() + ".", messageId(0),
                    messageId(shape.priorMessages / 2));
            case COVERED -> new Summary("All of it was about " + topic.topic() + ".", messageId(0),
                    messageId(shape.priorMessages - 1));
        };
    }

    /** Whether a summary runs from one of the earlier messages to the same or a later one. */
    boolean knows(Summary summary) {
        int from = index(summary.fromMessageId());
        return from >= 0 && from <= index(summary.throughMessageId());
    }

    /** The answer of getWorkspaceRunnerContext with this summary stored. */
    Map<String, Object> context(@Nullable Summary stored) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Message> prior = messages(random, 0, shape.priorMessages, shape.words);
        List<Message> recent = messages(random, prior.size(), shape == Shape.IDEA ? 0 : RECENT, 12);
        String priorText = compiled(prior);
        String recentText = compiled(recent);
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("workspaceId", id);
        context.put("title", random.nextInt(4) == 0 ? null : topic.topic());
        context.put("legacyIdea", shape == Shape.IDEA ? "  " + topic.topic() + ", " + topic.style() + ".\n" : null);
        context.put("messageCount", prior.size() + recent.size());
        context.put("recentMessages", recent.stream().map(Message::toMap).toList());
        context.put("priorMessages", prior.stream().map(Message::toMap).toList());
        context.put("recentText", recentText);
        context.put("priorTextVerbatim", priorText);
        context.put("recentTokenEstimate", recentText.length() / 4);
        context.put("priorTokenEstimate", priorText.length() / 4);
        context.put("priorNeedsSummarization", shape.isLong());
        context.put("storedPriorSummary", stored == null ? null : map(stored));
        context.put("storedSummaryCoversPrior", stored != null && covers(stored));
        return context;
    }

    private boolean covers(Summary stored) {
        return index(stored.fromMessageId()) == 0
                && index(stored.throughMessageId()) == shape.priorMessages - 1;
    }

    private List<Message> messages(SplittableRandom random, int first, int count, int words) {
        List<Message> messages = new ArrayList<>(count);
        for (int i = first; i < first + count; i++) {
            StringBuilder text = new StringBuilder(topic.topic()).append(", thought ").append(i + 1).append(':');
            for (int word = 0; word < words; word++) {
                text.append(random.nextInt(20) == 0 ? '\n' : ' ').append(WORDS[random.nextInt(WORDS.length)]);
            }
            messages.add(new Message(messageId(i), text.append('.').toString(), beganMillis + i * 60_000L));
        }
        return messages;
    }

    private static String compiled(List<Message> messages) {
        return String.join("\n\n", messages.stream().map(Message::text).toList());
    }

    private static Map<String, Object> map(Summary stored) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", stored.text());
        map.put("fromMessageId", stored.fromMessageId());
        map.put("throughMessageId", stored.throughMessageId());
        return map;
    }

    private String messageId(int index) {
        return id + "-message-" + (index + 1);
    }

    /** Which of the earlier messages this is; -1 for none of them. */
    private int index(String messageId) {
        for (int i = 0; i < shape.priorMessages; i++) {
            if (messageId.equals(messageId(i))) {
                return i;
            }
        }
        return -1;
    }
}
