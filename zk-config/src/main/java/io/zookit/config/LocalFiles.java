package io.zookit.config;

import io.zookit.config.secret.SecretException;
import io.zookit.core.internal.CoreClient;
import io.zookit.core.internal.SerialLane;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes the files of last good releases, off the loop; does nothing without a folder. */
final class LocalFiles {

  private static final Logger log = LoggerFactory.getLogger(LocalFiles.class);

  private final CoreClient client;
  private final SerialLane lane;
  private final @Nullable SnapshotFile files;
  private final KeyRing keys;
  private final ReleaseFetch opener;
  private final ConfigObservers observers;

  LocalFiles(
      CoreClient client,
      @Nullable Path folder,
      KeyRing keys,
      ReleaseFetch opener,
      ConfigObservers observers) {
    this.client = client;
    this.lane = client.lane("config files");
    this.files = folder == null ? null : new SnapshotFile(folder);
    this.keys = keys;
    this.opener = opener;
    this.observers = observers;
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
   * not go back.
   *
   * @param kept runs on the loop when they are written; at once when there is nothing to write
   */
  void save(List<Loaded> releases, String cluster, Runnable kept) {
    SnapshotFile to = files;
    List<Runnable> writes = new ArrayList<>();
    for (Loaded loaded : releases) {
      Loaded.Text text = loaded.release();
      if (to != null && text != null && loaded.savedAt() == null) {
        Instant now = client.timekeeper().now();
        writes.add(() -> to.save(cluster, loaded, now, keysOf(loaded, text)));
      }
    }
    if (writes.isEmpty()) {
      kept.run();
      return;
    }
    lane.execute(() -> {
      try {
        writes.forEach(Runnable::run);
      } finally {
        client.loop().execute(kept);
      }
    });
  }

  private List<KeyRing.KeyRecord> keysOf(Loaded loaded, Loaded.Text text) {
    List<KeyRing.KeyRecord> used = new ArrayList<>();
    try {
      for (String id : text.keyIds()) {
        keys.record(loaded.ns().env(), id).ifPresent(used::add);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the file is written without the others
    }
    return used;
  }

  /** What is in a file; nothing when it cannot be used, whatever a provider of keys throws. */
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
    ReleaseFetch.Result result = opener.open(
        ns, raw.release(), raw.release().payload(), raw.head().most());
    Loaded.Text text = result.text();
    if (text == null) {
      observers.onUnreadable(ns, "the snapshot: " + result.problem());
      return Optional.empty();
    }
    Loaded loaded =
        new Loaded(ns, raw.head(), text, raw.header().rule(), raw.header().savedAt());
    return Optional.of(new SnapshotFile.Kept(raw.header().cluster(), loaded));
  }
}
