package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import io.zookit.config.internal.zk.KeyRing;
import io.zookit.config.secret.SecretException;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.request.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the files of last good releases, off the loop; does nothing without a folder.
 *
 * <p>A release that cannot be written is used all the same, is known as not kept, and is written again with back-off until
 * it is kept or another one is.
 */
final class LocalFiles {

  private static final Logger log = LoggerFactory.getLogger(LocalFiles.class);
  private static final Backoff DELAYS = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** A release that is to be in a file. */
  private record Wanted(LoadedRelease loaded, String cluster) {}

  /** A release that is not in its file. */
  private record NotKept(Wanted wanted, String reason) {}

  private final CoreClient client;
  private final SerialLane lane;
  private final @Nullable SnapshotFile files;
  private final KeyRing keys;
  private final ReleaseLoader opener;
  private final ConfigObservers observers;
  private final Consumer<Namespace> onKept;
  private final Map<Namespace, NotKept> notKept = new LinkedHashMap<>();
  private @Nullable Subscription retry;
  private int failures;

  /**
   * The files in a folder.
   *
   * @param lane reads and writes them
   * @param onKept receives, on the loop, a namespace whose release is kept after it was not
   */
  LocalFiles(
      CoreClient client,
      SerialLane lane,
      @Nullable Path folder,
      KeyRing keys,
      ReleaseLoader opener,
      ConfigObservers observers,
      Consumer<Namespace> onKept) {
    this.client = client;
    this.lane = lane;
    this.files = folder == null ? null : new SnapshotFile(folder);
    this.keys = keys;
    this.opener = opener;
    this.observers = observers;
    this.onKept = onKept;
  }

  /** The reason why the release in force is not in its file; empty if it is. On the loop. */
  Optional<String> reasonNotKept(Namespace ns) {
    return Optional.ofNullable(notKept.get(ns)).map(NotKept::reason);
  }

  void close() {
    notKept.clear();
    if (retry != null) {
      retry.close();
    }
  }

  /** Reads what an earlier run has kept; answers on the loop. */
  void load(Namespace ns, Consumer<Optional<SnapshotFile.Kept>> reply) {
    SnapshotFile from = files;
    if (from == null) {
      client.loop().execute(() -> reply.accept(Optional.empty()));
      return;
    }
    lane.execute(() -> {
      Optional<SnapshotFile.Kept> kept = load(from, ns);
      client.loop().execute(() -> reply.accept(kept));
    });
  }

  /**
   * Keeps releases that came from ZooKeeper and are about to come into force, so that a process that dies afterwards does
   * not go back. On the loop.
   *
   * @param tried runs on the loop when they are written, or cannot be; at once when there is nothing to write
   */
  void save(List<LoadedRelease> releases, String cluster, Runnable tried) {
    SnapshotFile to = files;
    List<Wanted> wanted = new ArrayList<>();
    for (LoadedRelease loaded : releases) {
      if (to != null && loaded.release() != null && loaded.savedAt() == null) {
        wanted.add(new Wanted(loaded, cluster));
      }
    }
    if (to == null || wanted.isEmpty()) {
      tried.run();
      return;
    }
    lane.execute(() -> {
      List<NotKept> outcomes = new ArrayList<>();
      try {
        outcomes.addAll(write(to, wanted));
      } finally {
        client.loop().execute(() -> {
          try {
            note(wanted, outcomes);
          } finally {
            tried.run();
          }
        });
      }
    });
  }

  /** Writes all; what could not be written. On the lane. */
  private List<NotKept> write(SnapshotFile to, List<Wanted> all) {
    List<NotKept> failed = new ArrayList<>();
    for (Wanted wanted : all) {
      write(to, wanted).ifPresent(reason -> failed.add(new NotKept(wanted, reason)));
    }
    return failed;
  }

  private Optional<String> write(SnapshotFile to, Wanted wanted) {
    LoadedRelease loaded = wanted.loaded();
    try {
      return to.save(wanted.cluster(), loaded, client.timekeeper().now(), keysOf(loaded), memory());
    } catch (Throwable e) {
      log.error("config {}: the snapshot cannot be written", loaded.ns(), e);
      return Optional.of(e.toString());
    }
  }

  private void note(List<Wanted> tried, List<NotKept> failed) {
    for (Wanted wanted : tried) {
      notKept.remove(wanted.loaded().ns());
    }
    for (NotKept each : failed) {
      LoadedRelease loaded = each.wanted().loaded();
      notKept.put(loaded.ns(), each);
      observers.onNotKept(loaded.ns(), loaded.number(), each.reason());
    }
    failures = notKept.isEmpty() ? 0 : failures;
    scheduleRetry();
  }

  private void scheduleRetry() {
    if (notKept.isEmpty() || retry != null) {
      return;
    }
    retry = client
        .timekeeper()
        .after(DELAYS.delay(failures++), () -> client.loop().execute(this::writeAgain));
  }

  private void writeAgain() {
    retry = null;
    SnapshotFile to = files;
    List<Wanted> wanted = notKept.values().stream().map(NotKept::wanted).toList();
    if (to == null || wanted.isEmpty()) {
      return;
    }
    lane.execute(() -> {
      List<NotKept> failed = write(to, wanted);
      client.loop().execute(() -> noteAgain(wanted, failed));
    });
  }

  /** Notes releases that were written at last, unless another release came meanwhile. */
  private void noteAgain(List<Wanted> tried, List<NotKept> failed) {
    List<Wanted> left = failed.stream().map(NotKept::wanted).toList();
    for (Wanted wanted : tried) {
      Namespace ns = wanted.loaded().ns();
      NotKept now = notKept.get(ns);
      if (now != null && now.wanted().equals(wanted) && !left.contains(wanted)) {
        notKept.remove(ns);
        observers.onKept(ns, wanted.loaded().number());
        onKept.accept(ns);
      }
    }
    failures = notKept.isEmpty() ? 0 : failures;
    scheduleRetry();
  }

  private SnapshotFile.Memory memory() {
    return new SnapshotFile.Memory(ConfigEngine.incarnation(client), client.memory());
  }

  private List<KeyRing.KeyRecord> keysOf(LoadedRelease loaded) {
    List<KeyRing.KeyRecord> used = new ArrayList<>();
    LoadedRelease.Text text = loaded.release();
    try {
      for (String id : text == null ? Set.<String>of() : text.keyIds()) {
        keys.record(loaded.ns().env(), id).ifPresent(used::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the file is written without the others
    }
    return used;
  }

  /** Loads a file; empty if it cannot be used, whatever a provider of keys throws. */
  private Optional<SnapshotFile.Kept> load(SnapshotFile from, Namespace ns) {
    try {
      return from.load(ns).flatMap(raw -> open(ns, raw));
    } catch (SecretException e) {
      observers.onUnreadable(ns, "the snapshot: " + e.getMessage());
    } catch (Throwable e) {
      log.error("config {}: the snapshot cannot be read", ns, e);
      observers.onUnreadable(ns, "the snapshot: " + e);
    }
    return Optional.empty();
  }

  private Optional<SnapshotFile.Kept> open(Namespace ns, SnapshotFile.Raw raw) {
    raw.header().keys().forEach(key -> keys.remember(ns.env(), key));
    ReleaseLoader.ReleaseSource file = new ReleaseLoader.ReleaseSource(
        ns, "", ReleaseLoader.ReleaseSource.OF_A_FILE, raw.head().most());
    ReleaseLoader.Result result = opener.open(file, raw.release(), raw.release().payload());
    LoadedRelease.Text text = result.text();
    if (text == null) {
      observers.onUnreadable(ns, "the snapshot: " + result.problem());
      return Optional.empty();
    }
    LoadedRelease loaded = new LoadedRelease(
        ns, raw.head(), text, raw.header().rule(), raw.header().savedAt());
    return Optional.of(new SnapshotFile.Kept(
        raw.header().cluster(), loaded, SnapshotFile.Memory.of(raw.header())));
  }
}
