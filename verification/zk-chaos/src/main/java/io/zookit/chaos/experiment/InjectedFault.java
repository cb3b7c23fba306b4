package io.zookit.chaos.experiment;

/**
 * Fault that was caused.
 *
 * @param atMillis since the start of the run
 * @param kind of fault
 * @param target the client or server that was hit
 * @param landed whether the fault is proven to have happened
 * @param backAfterMillis from its end until work resumed; negative if it did not
 */
public record InjectedFault(
    long atMillis, String kind, String target, boolean landed, long backAfterMillis) {}
