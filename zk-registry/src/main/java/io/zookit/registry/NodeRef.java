package io.zookit.registry;

/** A node of a service, whatever its name. */
record NodeRef(String bucket, String name) {}
