package dev.coxswain.executors.container;

import java.util.Map;

import dev.coxswain.executors.exec.OwnNames;

/**
 * Names and labels of the containers of one supervisor.
 *
 * @param supervisor what this supervisor is known by, in every life of it: 16 hexadecimal digits
 */
record ContainerNames(String supervisor) {
    static final String SUPERVISOR = "dev.coxswain.supervisor";
    static final String SUPERVISOR_NAME = "dev.coxswain.supervisor-name";
    static final String LIFE = "dev.coxswain.life";
    static final String JOB = "dev.coxswain.job";

    /** A container's name may hold all that a job's key may. */
    String container(String jobKey) {
        return OwnNames.of(supervisor, jobKey, jobKey);
    }

    Map<String, String> labels(String supervisorName, String jobKey) {
        return Map.of(SUPERVISOR, supervisor, SUPERVISOR_NAME, supervisorName, LIFE, OwnNames.THIS_LIFE, JOB, jobKey);
    }
}
