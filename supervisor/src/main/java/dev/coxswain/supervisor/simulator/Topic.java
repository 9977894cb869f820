package dev.coxswain.supervisor.simulator;

import java.util.List;

/**
 * What a simulated job is about; a protocol takes the fields it knows.
 *
 * @param topic what it is about
 * @param style how it should look or sound
 * @param voiceId the voice, for protocols with speech
 * @param includeTts whether speech is wanted
 */
public record Topic(String topic, String style, String voiceId, boolean includeTts) {
    /** Twelve topics that are used in turn when nothing else is given. */
    public static List<Topic> samples() {
        return List.of(new Topic("How lighthouses found their lamps", "documentary", "narrator-a", true),
                new Topic("Why bread rises", "kitchen table", "narrator-b", true),
                new Topic("The tide that comes twice a day", "chalkboard", "narrator-a", false),
                new Topic("Seven knots every sailor ties", "hands only", "narrator-c", true),
                new Topic("Rowing eights: who sits where", "sports", "narrator-b", true),
                new Topic("A day on a container ship", "diary", "narrator-c", false),
                new Topic("How a compass can be wrong", "chalkboard", "narrator-a", true),
                new Topic("Maps before satellites", "paper cut-out", "narrator-b", false),
                new Topic("What whales hear", "documentary", "narrator-a", true),
                new Topic("The long way round Cape Horn", "storybook", "narrator-c", true),
                new Topic("Ünïcode at sea: flags as an alphabet — Å to Ω", "flat icons", "narrator-b", true),
                new Topic("Fog, in five minutes", "watercolour", "narrator-a", false));
    }
}
