package io.zookit.benchmarks.measure;

/**
 * A row before it is measured.
 *
 * @param name {@code lock.free}
 * @param metric which figure of the scenario
 * @param moreIsBetter whether it is a rate
 * @param target the ratio to reach
 */
public record Measured(String name, String metric, boolean moreIsBetter, double target) {}
