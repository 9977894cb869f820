package dev.coxswain.supervisor.coderunner;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes quantities for CPU and memory, within what the machine has (contract section 8). */
final class Quantities {
    private static final Pattern CPU = Pattern.compile("(\\d{1,9})m|(\\d{1,6}(?:\\.\\d{1,6})?)");
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,6})?)(Ki|Mi|Gi|Ti|k|M|G|T)?");
    private static final long LEAST_MEMORY = 16L << 20;
    private static final Map<String, Long> UNITS = Map.of("Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30, "Ti",
            1L << 40, "k", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L, "T", 1_000_000_000_000L);

    private Quantities() {}

    /** What {@code Configuration} asks for, with the defaults for what it does not name. */
    static Size size(Fields configuration, HostSize host) {
        String cpu = configuration.scalar("Cpu");
        String memory = configuration.scalar("Memory");
        Size usual = Size.DEFAULT;
        String cpuText = cpu == null ? usual.cpu() : cpu.strip();
        String memoryText = memory == null ? usual.memory() : memory.strip();
        return new Size(cpuText, memoryText,
                cpu == null ? Math.min(usual.cpuMillis(), host.cores() * 1_000L) : cpuMillis(cpuText, host),
                memory == null ? Math.min(usual.memoryBytes(), host.memoryBytes()) : memoryBytes(memoryText, host));
    }

    private static long cpuMillis(String text, HostSize host) {
        Matcher given = CPU.matcher(text);
        if (!given.matches()) {
            throw Refusal.invalid("Configuration.Cpu must be a number of cores like 250m, 0.5 or 1");
        }
        String thousandths = given.group(1);
        BigDecimal millis = thousandths != null
                ? new BigDecimal(thousandths)
                : new BigDecimal(given.group(2)).movePointRight(3);
        if (millis.signum() == 0 || millis.compareTo(BigDecimal.valueOf(host.cores() * 1_000L)) > 0) {
            throw Refusal.invalid("Configuration.Cpu must be above 0 and at most " + host.cores()
                    + ", the machine's cores");
        }
        return millis.setScale(0, RoundingMode.CEILING).longValueExact();
    }

    private static long memoryBytes(String text, HostSize host) {
        Matcher given = MEMORY.matcher(text);
        if (!given.matches()) {
            // 256m would be a quarter of a byte in Kubernetes
            throw Refusal
                    .invalid("Configuration.Memory must be a number of bytes, or end in Ki, Mi, Gi, Ti, k, M, G or "
                            + "T, like 256Mi");
        }
        String unit = given.group(2);
        BigDecimal bytes = new BigDecimal(given.group(1))
                .multiply(BigDecimal.valueOf(unit == null ? 1 : Objects.requireNonNull(UNITS.get(unit))));
        if (bytes.compareTo(BigDecimal.valueOf(LEAST_MEMORY)) < 0
                || bytes.compareTo(BigDecimal.valueOf(host.memoryBytes())) > 0) {
            throw Refusal.invalid("Configuration.Memory must be from 16Mi to " + host.memoryBytes()
                    + " bytes, the machine's memory");
        }
        return bytes.setScale(0, RoundingMode.CEILING).longValueExact();
    }
}
