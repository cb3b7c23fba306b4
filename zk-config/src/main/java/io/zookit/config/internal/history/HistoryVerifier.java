package io.zookit.config.internal.history;

import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies a history: every change exists and names the hash of the one before, every release exists or was removed by
 * a change that says so, names the hash of the one before, and has the text of its hash.
 *
 * <p>Both chains end in the head. A user that may write everything can rewrite all of it; the hash of the newest
 * manifest, kept elsewhere, shows that.
 */
final class HistoryVerifier {

  private final Namespace ns;
  private final StoredConfigReader reader;
  private final List<String> problems = new ArrayList<>();
  private final Map<Integer, String> removed = new HashMap<>();
  private final Set<Integer> damaged = new HashSet<>();
  private boolean purged;

  HistoryVerifier(Namespace ns, StoredConfigReader reader) {
    this.ns = ns;
    this.reader = reader;
  }

  History.Verdict verify() throws InterruptedException {
    Head head = reader.head(ns).head();
    int entries = entries(head);
    int releases = releases(head);
    return new History.Verdict(releases, entries, head.releaseHash(), List.copyOf(problems));
  }

  private int entries(Head head) throws InterruptedException {
    String previous = "";
    int verified = 0;
    for (long revision = 1; revision <= head.revision(); revision++) {
      Optional<SessionHandle.Node> node = reader.calls().read(reader.paths().audit(ns, revision));
      if (node.isEmpty()) {
        problems.add("change " + revision + " is missing");
        previous = "";
        continue;
      }
      verified += entry(revision, node.get().data(), previous) ? 1 : 0;
      previous = Digests.sha256(node.get().data());
    }
    if (!previous.equals(head.auditHash())) {
      problems.add("change " + head.revision() + " is not the one the head names");
    }
    return verified;
  }

  private boolean entry(long revision, byte[] data, String previous) {
    try {
      AuditRecord record =
          StoredRelease.value(AuditRecord.CODEC.decode(data), "change " + revision);
      if (!record.previous().equals(previous)) {
        problems.add("change " + revision + " does not follow the one before it");
      }
      purged |= record.action() == History.Action.PURGE;
      Map<String, String> gone = record.removed();
      if (gone != null) {
        gone.forEach((number, hash) -> removed.put(Integer.valueOf(number), hash));
      }
      return true;
    } catch (ZkException e) {
      problems.add(e.getMessage());
      return false;
    }
  }

  private int releases(Head head) throws InterruptedException {
    String previous = "";
    int verified = 0;
    for (int number = 1; number <= head.lastRelease(); number++) {
      Optional<StoredRelease> stored = release(number);
      if (stored.isPresent()) {
        if (!previous.isEmpty() && !stored.get().manifest().previous().equals(previous)) {
          problems.add("release " + number + " does not follow the one before it");
        }
        previous = stored.get().hash();
        verified++;
      } else {
        previous = removed.getOrDefault(number, "");
        if (previous.isEmpty() && !purged && !damaged.contains(number)) {
          problems.add("release " + number + " is missing");
        }
      }
    }
    if (!previous.isEmpty() && !previous.equals(head.releaseHash())) {
      problems.add("release " + head.lastRelease() + " is not the one the head names");
    }
    return verified;
  }

  private Optional<StoredRelease> release(int number) throws InterruptedException {
    try {
      Optional<StoredRelease> stored = reader.release(ns, number);
      if (stored.isPresent()) {
        stored.get().open(reader.packed(ns.env(), stored.get()));
      }
      return stored;
    } catch (ZkUnavailableException e) {
      throw e;
    } catch (ZkException | IllegalArgumentException e) {
      damaged.add(number);
      problems.add("release " + number + ": " + e.getMessage());
      return Optional.empty();
    }
  }
}
