package io.zookit.config;

import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.client.CoreClient;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Access of a store to ZooKeeper: what its parts read, write and seal with, created once, so that they share data keys that
 * were unwrapped.
 *
 * @param caller the identities that servers authenticated this client as
 */
record StoreAccess(
    CoreClient client,
    ConfigReader reader,
    ConfigNodes nodes,
    CallerIdentity caller,
    KeyRing keys,
    Sealer sealer) {

  static StoreAccess of(CoreClient client, StoreSettings settings) {
    Wire wire = new Wire(client, settings.patience());
    ConfigTree tree = new ConfigTree(client.rootPath());
    Supplier<Instant> clock = client.timekeeper()::now;
    ConfigReader reader = new ConfigReader(wire, tree, clock);
    ConfigNodes nodes = new ConfigNodes(client, tree, wire);
    KeyRing keys = new KeyRing(reader, nodes, clock, settings.keys());
    return new StoreAccess(
        client, reader, nodes, new CallerIdentity(client, wire), keys, new Sealer(keys));
  }

  Supplier<Instant> clock() {
    return client.timekeeper()::now;
  }

  AccessLists accessLists() {
    return client.accessLists();
  }
}
