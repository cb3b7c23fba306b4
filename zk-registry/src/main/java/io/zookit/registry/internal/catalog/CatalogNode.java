package io.zookit.registry.internal.catalog;

import io.zookit.registry.internal.store.NodeRef;

/** A node of an instance, and its service. */
record CatalogNode(String service, NodeRef ref) {}
