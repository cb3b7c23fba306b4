package io.zookit.registry;

/** A node that is left out of a view, and why. */
record SkippedNode(NodeRef node, String reason) {}
