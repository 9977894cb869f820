package dev.coxswain.executors;

/** What happens while a workload runs a job. */
public sealed interface ExecutionEvent {
    /** A step of the job began or ended. Steps follow each other; all that one writes comes between its two events. */
    sealed interface Step extends ExecutionEvent {
        /** Unique in its job; a word of the workload's, with no text of the job's in it: it is not masked. */
        String name();
    }

    /**
     * A step of the job began.
     *
     * @param command what it runs, for people; not masked yet; may be empty
     */
    record StepStarted(String name, String command) implements Step {
        /** A step whose command is nobody's business. */
        public StepStarted(String name) {
            this(name, "");
        }
    }

    /** Bytes of the job's log, as written; not masked yet. */
    record Output(CommandEvent.Stream stream, byte[] bytes) implements ExecutionEvent {}

    /**
     * How far the job is.
     *
     * @param fraction 0 to 1
     */
    record Progress(double fraction, String text) implements ExecutionEvent {}

    /** A step ended. */
    record StepEnded(String name, int exitCode, StepResult result) implements Step {
        /** One that ran to its end: only 0 is good. */
        public StepEnded(String name, int exitCode) {
            this(name, exitCode, exitCode == 0 ? StepResult.SUCCEEDED : StepResult.FAILED);
        }
    }

    /** How a step ended. */
    enum StepResult {
        /** it did what it was for */
        SUCCEEDED,
        /** it did not */
        FAILED,
        /** its time was over, or the job's */
        TIMED_OUT,
        /** it was stopped, or never begun since the job was */
        CANCELLED,
        /** its condition did not hold */
        SKIPPED
    }

    /**
     * A summary of the {@linkplain Briefing#earlier() earlier context} was made, for the control plane to keep. It is told
     * at once; that it could not be kept does not end the job.
     */
    record Summarised(String text) implements ExecutionEvent {}

    /**
     * A text that what the job writes from now on must not show, since it became known only now.
     *
     * @param text not empty; hidden whatever its length, so whoever reads it where a stranger may have written it leaves out
     *        what is so short that a log without it would be unreadable
     */
    record SecretLearnt(String text) implements ExecutionEvent {
        /** Shows nothing. */
        @Override
        public String toString() {
            return "SecretLearnt[***]";
        }
    }

    /**
     * A remark that the job made about itself in its log, where it stands as well.
     *
     * @param text not masked yet
     * @param file what it is about, relative to the sources; empty when that was not said
     * @param line of the file; 0 when that was not said
     */
    record Annotation(Level level, String text, String file, int line) implements ExecutionEvent {
        /** How grave it is. */
        public enum Level {
            /** good to know */
            NOTICE,
            /** to be looked at */
            WARNING,
            /** what went wrong */
            ERROR
        }
    }

    /**
     * A piece of the result, told while the job still makes it. Only jobs whose control plane asked for it in their
     * document tell their result so. A piece that nobody takes holds the job up.
     */
    sealed interface Streamed extends ExecutionEvent {
        /**
         * The first piece.
         *
         * @param head what stands above the bytes, a JSON text; may be {@code {}}
         */
        record Begun(String head) implements Streamed {}

        /** The bytes that come next. */
        @SuppressWarnings("ArrayRecordComponent")
        record Part(byte[] bytes) implements Streamed {}
    }

    /** The last event: the job's end. */
    record Ended(JobResult result) implements ExecutionEvent {}
}
