package io.zookit.config.internal.zk;

import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.path.ZkPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Looks for namespaces by their folders, so that one that cannot be read hides no other.
 *
 * <p>What is damaged, of a later version or forbidden is reported with its reason. That ZooKeeper cannot be reached is
 * thrown: nothing is known then.
 */
public final class NamespaceFolders {

  /** Reads something of a namespace. */
  public interface Reading<T> {
    T read() throws InterruptedException;
  }

  private final StoredConfigReader reader;
  private final List<ConfigStore.Unreadable> unreadable = new ArrayList<>();

  public NamespaceFolders(StoredConfigReader reader) {
    this.reader = reader;
  }

  /** The namespaces of all environments that have a folder, in order; those that are purged too. */
  public List<Namespace> all() throws InterruptedException {
    List<Namespace> found = new ArrayList<>();
    for (String env : names(reader.paths().top())) {
      found.addAll(in(env));
    }
    found.sort(null);
    return found;
  }

  /** The namespaces of one environment that have a folder; those that are purged too. */
  public List<Namespace> in(String env) throws InterruptedException {
    List<Namespace> found = new ArrayList<>();
    for (String app : names(reader.paths().apps(env))) {
      for (String name : names(reader.paths().app(env, app))) {
        found.add(Namespace.of(env, app, name));
      }
    }
    return found;
  }

  /** The entries that could not be read by now, in the order of names. */
  public List<ConfigStore.Unreadable> unreadable() {
    return unreadable.stream()
        .sorted(Comparator.comparing(ConfigStore.Unreadable::name))
        .toList();
  }

  /** Tells if something could not be read by now. */
  public boolean isIncomplete() {
    return !unreadable.isEmpty();
  }

  /** Reads, and reports what cannot be read; empty then. */
  public <T> Optional<T> tried(String what, Reading<T> reading) throws InterruptedException {
    try {
      return Optional.of(reading.read());
    } catch (ZkUnavailableException e) {
      throw e;
    } catch (ZkException | IllegalArgumentException e) {
      report(what, Objects.requireNonNullElse(e.getMessage(), e.toString()));
      return Optional.empty();
    }
  }

  void report(String what, String reason) {
    unreadable.add(new ConfigStore.Unreadable(what, reason));
  }

  private List<String> names(ZkPath folder) throws InterruptedException {
    String below = folder.value().substring(reader.paths().top().value().length());
    String what = (below.isEmpty() ? "" : below.substring(1).replace("/apps", "") + "/") + "*";
    return tried(what, () -> reader.calls().children(folder)).orElse(List.of()).stream()
        .filter(name -> !name.startsWith("~"))
        .toList();
  }
}
