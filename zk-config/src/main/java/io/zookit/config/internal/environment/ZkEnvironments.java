package io.zookit.config.internal.environment;

import io.zookit.config.Change;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Environments;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.core.audit.AuditLog;
import java.util.List;

/** Operations across namespaces, by reads of many nodes and by the store's own publish. */
public final class ZkEnvironments implements Environments {

  private final ConfigStore store;
  private final StoreAccess access;

  public ZkEnvironments(ConfigStore store, StoreAccess access) {
    this.store = store;
    this.access = access;
  }

  @Override
  public Comparison compare(Namespace from, Namespace to) throws InterruptedException {
    return new NamespaceComparison(access.reader(), access.sealer()).compare(from, to);
  }

  @Override
  public Content portable(Namespace from, String release) throws InterruptedException {
    return portable(from, found(from, release));
  }

  @Override
  public Release copy(Namespace from, Namespace to, Change change) throws InterruptedException {
    if (from.equals(to)) {
      throw new IllegalArgumentException("to: " + to + " (expected: another namespace)");
    }
    Release release = found(from, "@stable");
    Change reasoned =
        change.message().isEmpty() ? change.because("copied from " + release) : change;
    return store.importContent(to, portable(from, release), reasoned);
  }

  @Override
  public KeySearch search(String pattern, String prefix) throws InterruptedException {
    return new KeySearcher(access.reader(), pattern).search(prefix);
  }

  @Override
  public AuditTrail audit(String prefix, int most) throws InterruptedException {
    return new AuditMerge(access.reader()).newest(prefix, most);
  }

  @Override
  public List<Disclosure> revealed(String prefix, int most) throws InterruptedException {
    return new DisclosureReader(AuditLog.in(access.client())).newest(prefix, most);
  }

  private Release found(Namespace from, String release) throws InterruptedException {
    return store
        .history(from)
        .find(release)
        .orElseThrow(() -> new ConfigNotFoundException(from, "release " + release));
  }

  private Content portable(Namespace from, Release release) throws InterruptedException {
    History history = store.history(from);
    return history.reveal(history.content(release.number()));
  }
}
