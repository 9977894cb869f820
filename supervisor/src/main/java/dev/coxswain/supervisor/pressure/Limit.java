package dev.coxswain.supervisor.pressure;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** A limit of the configuration on one resource. */
sealed interface Limit {
    /** What it limits. */
    Resource resource();

    /** How far a reading is: more than 1 is past the limit; 0 when the reading is not known. */
    double reached(Pressure pressure);

    /** The reading, in words. */
    String amount(Pressure pressure);

    /** The limit, in words. */
    String bound();

    /** Both, in words; a limit that was passed before, and is not now, still refuses for a while. */
    default String words(Pressure pressure) {
        return amount(pressure) + (reached(pressure) > 1 ? ", " + bound() : ", was " + bound() + " a moment ago");
    }

    /** The used share must not be more. */
    record Above(Resource resource, double ratio) implements Limit {
        @Override
        public double reached(Pressure pressure) {
            return Double.isNaN(pressure.ratio()) ? 0 : pressure.ratio() / ratio;
        }

        @Override
        public String amount(Pressure pressure) {
            String used = text(resource, pressure.ratio());
            return switch (resource) {
                case MEMORY -> "host memory " + used + " used";
                case MEMORY_STALL -> "memory pressure " + used;
                case DISK -> "disk " + used + " used";
                case INODES -> "inodes " + used + " used";
                case CPU -> "CPU pressure " + used;
                case IO -> "IO pressure " + used;
                case LOAD -> "load " + used + " per core";
                case OPEN_FILES -> "open files at " + used + " of their limit";
                case PIDS -> "processes and threads at " + used + " of their limit";
            };
        }

        @Override
        public String bound() {
            return "above " + text(resource, ratio);
        }

        private static String text(Resource resource, double ratio) {
            return resource == Resource.LOAD ? number(ratio) : percent(ratio);
        }
    }

    /** The free share must not be less. */
    record InodesFreeBelow(double free) implements Limit {
        @Override
        public Resource resource() {
            return Resource.INODES;
        }

        @Override
        public double reached(Pressure pressure) {
            return Double.isNaN(pressure.ratio()) ? 0 : quotient(free, 1 - pressure.ratio());
        }

        @Override
        public String amount(Pressure pressure) {
            return "inodes " + percent(1 - pressure.ratio()) + " free";
        }

        @Override
        public String bound() {
            return "below " + percent(free);
        }
    }

    /** The free bytes must not be less. */
    record DiskFreeBelow(long bytes) implements Limit {
        @Override
        public Resource resource() {
            return Resource.DISK;
        }

        @Override
        public double reached(Pressure pressure) {
            return switch (pressure) {
                case Pressure.Space(var ratio, var free) -> quotient((double) bytes, (double) free);
                case Pressure.Used used -> 0;
                case Pressure.Unknown unknown -> 0;
            };
        }

        @Override
        public String amount(Pressure pressure) {
            return "disk " + (pressure instanceof Pressure.Space space ? gib(space.freeBytes()) : "unknown") + " free";
        }

        @Override
        public String bound() {
            return "below " + gib(bytes);
        }
    }

    private static double quotient(double limit, double free) {
        return free <= 0 ? Double.POSITIVE_INFINITY : limit / free;
    }

    private static String percent(double ratio) {
        return Double.isNaN(ratio) ? "unknown" : number(ratio * 100) + " %";
    }

    private static String gib(long bytes) {
        return bytes < 1L << 30 ? number(bytes / 1048576.0) + " MiB" : number(bytes / 1073741824.0) + " GiB";
    }

    private static String number(double value) {
        return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }
}
