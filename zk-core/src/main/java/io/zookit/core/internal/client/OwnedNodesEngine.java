package io.zookit.core.internal.client;

import io.zookit.core.internal.node.OwnedNodes;

/** Binds the ephemeral nodes of a client to its life. */
final class OwnedNodesEngine implements Engine {

  private final OwnedNodes nodes;

  OwnedNodesEngine(CoreClient client) {
    this.nodes = new OwnedNodes(client, client.budget(), client.debt());
  }

  OwnedNodes nodes() {
    return nodes;
  }

  @Override
  public void start() {
    nodes.start();
  }

  @Override
  public void close() {
    nodes.close();
  }
}
