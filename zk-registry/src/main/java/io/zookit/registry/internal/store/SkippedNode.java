package io.zookit.registry.internal.store;

/** A node that is left out of a view, and why. */
public record SkippedNode(NodeRef node, String reason) {}
