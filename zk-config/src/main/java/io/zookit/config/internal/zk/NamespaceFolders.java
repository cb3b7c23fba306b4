package io.zookit.config.internal.zk;

import com.google.common.collect.Lists;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;

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

  private static final int TOGETHER = 128;

  private final StoredConfigReader reader;
  private final List<ConfigStore.Unreadable> unreadable = new ArrayList<>();

  public NamespaceFolders(StoredConfigReader reader) {
    this.reader = reader;
  }

  /** The namespaces of all environments that have a folder, in order; those that are purged too. */
  public List<Namespace> all() throws InterruptedException {
    return below(names(List.of(reader.paths().top())).get(0));
  }

  /** The namespaces of one environment that have a folder, in order; those that are purged too. */
  public List<Namespace> in(String env) throws InterruptedException {
    return below(List.of(env));
  }

  /** The namespaces of environments; all folders of a level are listed together. */
  private List<Namespace> below(List<String> envs) throws InterruptedException {
    List<List<String>> apps = names(envs.stream().map(reader.paths()::apps).toList());
    List<Namespace> found = new ArrayList<>();
    List<String[]> folders = new ArrayList<>();
    for (int i = 0; i < envs.size(); i++) {
      for (String app : apps.get(i)) {
        folders.add(new String[] {envs.get(i), app});
      }
    }
    List<List<String>> names = names(
        folders.stream().map(folder -> reader.paths().app(folder[0], folder[1])).toList());
    for (int i = 0; i < folders.size(); i++) {
      for (String name : names.get(i)) {
        found.add(Namespace.of(folders.get(i)[0], folders.get(i)[1], name));
      }
    }
    found.sort(null);
    return found;
  }

  /**
   * The heads of namespaces, many in a round trip. A namespace without one, or purged, is left out, as is one whose head
   * cannot be read, which is reported.
   */
  public Map<Namespace, StoredHead> heads(List<Namespace> all) throws InterruptedException {
    Map<Namespace, StoredHead> heads = new LinkedHashMap<>();
    for (List<Namespace> page : Lists.partition(all, TOGETHER)) {
      List<Answer<SessionHandle.Node>> nodes =
          reader.calls().readEach(page.stream().map(reader.paths()::head).toList());
      for (int i = 0; i < page.size(); i++) {
        Namespace ns = page.get(i);
        Answer<SessionHandle.Node> node = nodes.get(i);
        if (node.code() != Code.NONODE) {
          tried(ns.toString(), () -> reader.head(ns, node))
              .filter(StoredHead::isThere)
              .ifPresent(head -> heads.put(ns, head));
        }
      }
    }
    return heads;
  }

  /** The entries that could not be read by now, in the order of names. */
  public List<ConfigStore.Unreadable> unreadable() {
    return unreadable.stream()
        .sorted(Comparator.comparing(ConfigStore.Unreadable::name))
        .toList();
  }

  /**
   * The entries that could not be read by now and may concern names that begin with a prefix, in the order of names, one for
   * each name.
   */
  public List<ConfigStore.Unreadable> unreadable(String prefix) {
    Map<String, ConfigStore.Unreadable> byName = new LinkedHashMap<>();
    for (ConfigStore.Unreadable each : unreadable()) {
      String name = each.name();
      String folder = name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
      if (name.startsWith(prefix) || (name.endsWith("*") && prefix.startsWith(folder))) {
        byName.putIfAbsent(name, each);
      }
    }
    return List.copyOf(byName.values());
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

  /** The names in each of some folders; none of one that cannot be listed, which is reported. */
  private List<List<String>> names(List<ZkPath> folders) throws InterruptedException {
    List<List<String>> all = new ArrayList<>();
    for (List<ZkPath> page : Lists.partition(folders, TOGETHER)) {
      List<Answer<List<String>>> answers = reader.calls().listEach(page);
      for (int i = 0; i < page.size(); i++) {
        all.add(names(page.get(i), answers.get(i)));
      }
    }
    return all;
  }

  private List<String> names(ZkPath folder, Answer<List<String>> listed)
      throws InterruptedException {
    if (listed.code() == Code.NONODE) {
      return List.of();
    }
    String below = folder.value().substring(reader.paths().top().value().length());
    String what = (below.isEmpty() ? "" : below.substring(1).replace("/apps", "") + "/") + "*";
    return tried(what, () -> reader.calls().require(folder, listed)).orElse(List.of()).stream()
        .filter(name -> !name.startsWith("~"))
        .toList();
  }
}
