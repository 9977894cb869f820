package dev.coxswain.supervisor.pressure;

/** One reading of one resource. */
sealed interface Pressure {
    /** Used share, 0 to 1 (load: 0 or more); NaN when it is not known. */
    double ratio();

    /** A share in use. */
    record Used(double ratio) implements Pressure {}

    /**
     * Space in use.
     *
     * @param freeBytes what this process may still write, on the file system that has least
     */
    record Space(double ratio, long freeBytes) implements Pressure {}

    /**
     * This host does not tell.
     *
     * @param why for the log
     */
    record Unknown(String why) implements Pressure {
        @Override
        public double ratio() {
            return Double.NaN;
        }
    }
}
