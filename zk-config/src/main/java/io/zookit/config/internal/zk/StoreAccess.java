package io.zookit.config.internal.zk;

import io.zookit.config.internal.model.StoreSettings;
import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.client.CoreClient;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Access of a store to ZooKeeper: what its parts read, write and seal with, created once, so that they share data keys that
 * were unwrapped.
 *
 * @param caller the identities that servers authenticated this client as
 * @param disclosure opens secrets for callers, and enters that into the audit
 */
public record StoreAccess(
    CoreClient client,
    StoredConfigReader reader,
    ConfigNodes nodes,
    CallerIdentity caller,
    KeyRing keys,
    Sealer sealer,
    SecretDisclosure disclosure) {

  public static StoreAccess of(CoreClient client, StoreSettings settings) {
    RepeatedCalls calls = new RepeatedCalls(client, settings.timeout());
    ConfigPaths paths = new ConfigPaths(client.rootPath());
    Supplier<Instant> clock = client.timekeeper()::now;
    StoredConfigReader reader = new StoredConfigReader(calls, paths, clock);
    ConfigNodes nodes = new ConfigNodes(client, paths, calls);
    KeyRing keys = new KeyRing(reader, nodes, clock, settings.keys());
    Sealer sealer = new Sealer(keys);
    return new StoreAccess(
        client,
        reader,
        nodes,
        new CallerIdentity(client, calls),
        keys,
        sealer,
        new SecretDisclosure(client, calls, sealer));
  }

  public Supplier<Instant> clock() {
    return client.timekeeper()::now;
  }

  public AccessLists accessLists() {
    return client.accessLists();
  }
}
