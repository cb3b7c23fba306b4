package io.zookit.config.internal.overview;

import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.core.ZkException;
import io.zookit.core.internal.overview.OverviewContent;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * The states of all namespaces.
 *
 * <pre>
 *   list the environments → list their applications → list the namespaces → read the heads
 * </pre>
 *
 * <p>Each step is one flight of requests. A change of a head is one read. A namespace appears and ends with its head; folders
 * are listed only when everything is read.
 */
final class NamespaceOverview implements OverviewContent<ConfigStore.Inventory> {

  private final ConfigPaths paths;
  private final Map<Namespace, NamespaceState> states = new TreeMap<>();
  private final Map<String, ConfigStore.Unreadable> unreadable = new TreeMap<>();
  private Set<Namespace> invalid = new TreeSet<>();
  private boolean allInvalid = true;

  NamespaceOverview(ConfigPaths paths) {
    this.paths = paths;
  }

  @Override
  public void invalidate(String below, EventType change) {
    if (below.isEmpty()) {
      allInvalid = true;
    } else {
      headOf(below).ifPresent(invalid::add);
    }
  }

  /** The namespace whose head has that path below the folder of the configuration. */
  private Optional<Namespace> headOf(String below) {
    List<String> parts = List.of(below.split("/", -1));
    return parts.size() == 5 && parts.get(1).equals("apps") && parts.get(4).equals("head")
        ? namespace(parts.get(0), parts.get(2), parts.get(3))
        : Optional.empty();
  }

  private static Optional<Namespace> namespace(String env, String app, String name) {
    try {
      return Optional.of(Namespace.of(env, app, name));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a folder that Zookit did not create
    }
  }

  @Override
  public void invalidateAll() {
    allInvalid = true;
  }

  @Override
  public boolean isInvalid() {
    return allInvalid || !invalid.isEmpty();
  }

  @Override
  public void read(SessionHandle handle, Scope scope, Consumer<Code> done) {
    List<Namespace> changed = List.copyOf(invalid);
    boolean all = allInvalid;
    invalid = new TreeSet<>();
    allInvalid = false;
    if (all) {
      new FullRead(handle, scope, done).start();
    } else {
      readHeads(handle, scope, changed, done);
    }
  }

  private void readHeads(
      SessionHandle handle, Scope scope, List<Namespace> namespaces, Consumer<Code> done) {
    OverviewContent.<Namespace, SessionHandle.Node>sendEach(
        namespaces,
        scope,
        (ns, reply) -> handle.getData(paths.head(ns), null, reply),
        answers -> {
          for (int i = 0; i < namespaces.size(); i++) {
            apply(namespaces.get(i), answers.get(i));
          }
          done.accept(Code.OK);
        },
        done);
  }

  private void apply(Namespace ns, Answer<SessionHandle.Node> read) {
    states.remove(ns);
    unreadable.remove(ns.toString());
    if (read.code() == Code.NONODE) {
      return;
    }
    try {
      if (!read.isOk()) {
        throw KeeperErrors.of(read.code(), paths.head(ns));
      }
      Head head = StoredRelease.value(Head.CODEC.decode(read.get().data()), ns + ": head");
      if (head.state() != Head.State.PURGED) {
        states.put(ns, head.toNamespaceState(ns));
      }
    } catch (ZkException e) {
      report(ns.toString(), e);
    }
  }

  private void report(String name, ZkException why) {
    String reason = Objects.requireNonNullElse(why.getMessage(), why.toString());
    unreadable.put(name, new ConfigStore.Unreadable(name, reason));
  }

  /** One read of everything. */
  private final class FullRead {

    private final SessionHandle handle;
    private final Scope scope;
    private final Consumer<Code> done;

    FullRead(SessionHandle handle, Scope scope, Consumer<Code> done) {
      this.handle = handle;
      this.scope = scope;
      this.done = done;
    }

    void start() {
      unreadable.clear();
      list(
          List.of(""),
          name -> paths.top(),
          envs -> list(envs, paths::apps, apps -> list(apps, this::appFolder, this::readAll)));
    }

    private ZkPath appFolder(String name) {
      int slash = name.indexOf('/');
      return paths.app(name.substring(0, slash), name.substring(slash + 1));
    }

    /** Lists the folders of names; passes on the names of what is in them, with the folder's in front. */
    private void list(
        List<String> names, Function<String, ZkPath> folder, Consumer<List<String>> next) {
      OverviewContent.<String, List<String>>sendEach(
          names,
          scope,
          (name, reply) -> handle.list(folder.apply(name), reply),
          answers -> {
            List<String> found = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
              String prefix = names.get(i).isEmpty() ? "" : names.get(i) + "/";
              Answer<List<String>> listed = answers.get(i);
              if (listed.isOk()) {
                listed.get().stream()
                    .filter(child -> !child.startsWith("~"))
                    .sorted()
                    .forEach(child -> found.add(prefix + child));
              } else if (listed.code() != Code.NONODE) {
                report(prefix + "*", KeeperErrors.of(listed.code(), folder.apply(names.get(i))));
              }
            }
            next.accept(found);
          },
          done);
    }

    private void readAll(List<String> names) {
      List<Namespace> namespaces = names.stream()
          .map(name -> List.of(name.split("/", -1)))
          .flatMap(parts -> namespace(parts.get(0), parts.get(1), parts.get(2)).stream())
          .toList();
      states.keySet().retainAll(namespaces);
      readHeads(handle, scope, namespaces, done);
    }
  }

  @Override
  public ConfigStore.Inventory value() {
    return new ConfigStore.Inventory(
        List.copyOf(states.values()), List.copyOf(unreadable.values()));
  }

  @Override
  public void clear() {
    states.clear();
    unreadable.clear();
    invalid.clear();
    allInvalid = true;
  }
}
