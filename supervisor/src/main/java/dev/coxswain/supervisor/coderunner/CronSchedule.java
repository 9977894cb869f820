package dev.coxswain.supervisor.coderunner;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;

/** When a schedule is due: five fields in UTC, or a nickname (contract section 8). */
final class CronSchedule {
    private static final Map<String, String> NICKNAMES = Map.of("@hourly", "0 * * * *", "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *", "@weekly", "0 0 * * 0", "@monthly", "0 0 1 * *", "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");
    private static final Pattern FIELD = Pattern.compile("[0-9A-Za-z*,/-]+");
    private static final Pattern SPECIAL = Pattern.compile("(?i)(^|[^A-Z])(L|W|LW)([^A-Z]|$)|[0-9][LW]");
    private static final int LONGEST = 200;

    private final ExecutionTime times;

    private CronSchedule(ExecutionTime times) {
        this.times = times;
    }

    /** Reads an expression; refused with 400 when it is none, or when it never comes. */
    static CronSchedule parse(String text, Instant now) {
        String trimmed = text.strip();
        String plain = NICKNAMES.getOrDefault(trimmed.toLowerCase(Locale.ROOT), trimmed);
        String[] fields = plain.split("\\s+");
        if (trimmed.length() > LONGEST || fields.length != 5
                || Stream.of(fields).anyMatch(field -> !FIELD.matcher(field).matches()
                        || SPECIAL.matcher(field).find())) {
            throw refused("five fields of numbers, names, *, lists, ranges and steps, or a nickname like @hourly");
        }
        try {
            ExecutionTime times = ExecutionTime.forCron(new CronParser(
                    CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(String.join(" ", fields))
                    .validate());
            CronSchedule schedule = new CronSchedule(times);
            if (schedule.next(now) == null) {
                throw refused("a time that comes");
            }
            return schedule;
        } catch (IllegalArgumentException e) {
            throw refused("a cron expression (" + e.getMessage() + ")");
        }
    }

    private static Refusal refused(String what) {
        return Refusal.invalid("Configuration.CronExpression must be " + what);
    }

    /** The first time after this one; null when there is none. */
    @Nullable
    Instant next(Instant after) {
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toInstant).orElse(null);
    }

    /** The last time that is not after this one; null when there is none. */
    @Nullable
    Instant latest(Instant now) {
        return times.lastExecution(now.plusMillis(1).atZone(ZoneOffset.UTC)).map(ZonedDateTime::toInstant)
                .orElse(null);
    }
}
