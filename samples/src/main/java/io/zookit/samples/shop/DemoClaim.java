package io.zookit.samples.shop;

/**
 * Statement that a run of the demo checks.
 *
 * @param name the name under which a broken claim is reported
 * @param text the line of the result: the name and the figures
 */
public record DemoClaim(String name, boolean holds, String text) {}
