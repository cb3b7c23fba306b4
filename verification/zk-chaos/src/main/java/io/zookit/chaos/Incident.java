package io.zookit.chaos;

/**
 * A fault that was caused.
 *
 * @param atMillis since the start of the run
 * @param kind what was done
 * @param target to whom
 * @param landed whether it is proven to have happened
 * @param backAfterMillis from its end until somebody got on; negative when nobody did
 */
record Incident(long atMillis, String kind, String target, boolean landed, long backAfterMillis) {}
