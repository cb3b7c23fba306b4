package io.zookit.openfeature;

import dev.openfeature.sdk.Reason;

/**
 * The value that a context gets, and why.
 *
 * @param name {@code default}, {@code rules[0]}, or {@code value} of a flag without rules
 * @param value the value
 * @param reason the reason
 */
record FlagVariant(String name, FlagValue value, Reason reason) {}
