package io.zookit.config.internal.environment;

import com.google.common.collect.Lists;
import io.zookit.config.Environments;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.internal.history.ZkHistory;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.NamespaceFolders;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Merges the audit entries of namespaces, newest first.
 *
 * <p>Each namespace is a source, read from its newest revision back a few entries at a time; a step of the merge takes the
 * newest of what the sources have in front. A source is only read on when it is empty, together with all others that are.
 */
final class AuditMerge {

  private static final int ENTRIES_TOGETHER = 128;
  private static final int ENTRIES_AT_ONCE = 8;

  /** The entries of one namespace that were read and not taken yet. */
  private static final class NamespaceEntries {

    private final Namespace ns;
    private final Deque<History.Entry> read = new ArrayDeque<>();
    private long next;

    NamespaceEntries(Namespace ns, long revision) {
      this.ns = ns;
      this.next = revision;
    }

    boolean isToBeRead() {
      return read.isEmpty() && next > 0;
    }
  }

  /** An entry to be read. */
  private record UnreadEntry(NamespaceEntries source, ZkPath path) {}

  private final StoredConfigReader reader;

  AuditMerge(StoredConfigReader reader) {
    this.reader = reader;
  }

  Environments.AuditTrail newest(String prefix, int most) throws InterruptedException {
    NamespaceFolders folders = new NamespaceFolders(reader);
    List<Namespace> wanted =
        folders.all().stream().filter(ns -> ns.toString().startsWith(prefix)).toList();
    List<NamespaceEntries> sources = new ArrayList<>();
    for (var each : folders.heads(wanted).entrySet()) {
      sources.add(new NamespaceEntries(each.getKey(), revision(each.getValue())));
    }
    List<Environments.NamespaceEntry> entries = new ArrayList<>();
    while (entries.size() < most) {
      fill(sources, Math.min(most, ENTRIES_AT_ONCE), folders);
      Optional<NamespaceEntries> newest = newest(sources);
      if (newest.isEmpty()) {
        break;
      }
      entries.add(
          new Environments.NamespaceEntry(newest.get().ns, newest.get().read.removeFirst()));
    }
    return new Environments.AuditTrail(entries, folders.unreadable(prefix));
  }

  private static long revision(StoredHead stored) {
    return stored.head().revision();
  }

  private static Optional<NamespaceEntries> newest(List<NamespaceEntries> sources) {
    NamespaceEntries newest = null;
    for (NamespaceEntries each : sources) {
      if (!each.read.isEmpty()
          && (newest == null
              || each.read.getFirst().at().isAfter(newest.read.getFirst().at()))) {
        newest = each;
      }
    }
    return Optional.ofNullable(newest);
  }

  /** Reads entries of all sources that are empty, until each has one or has no more. */
  private void fill(List<NamespaceEntries> sources, int atOnce, NamespaceFolders folders)
      throws InterruptedException {
    while (sources.stream().anyMatch(NamespaceEntries::isToBeRead)) {
      List<UnreadEntry> wanted = new ArrayList<>();
      for (NamespaceEntries source : sources) {
        if (source.isToBeRead()) {
          for (int i = 0; i < atOnce && source.next > 0; i++) {
            wanted.add(new UnreadEntry(source, reader.paths().audit(source.ns, source.next--)));
          }
        }
      }
      for (List<UnreadEntry> page : Lists.partition(wanted, ENTRIES_TOGETHER)) {
        read(page, folders);
      }
    }
  }

  private void read(List<UnreadEntry> page, NamespaceFolders folders) throws InterruptedException {
    List<Answer<SessionHandle.Node>> nodes =
        reader.calls().readEach(page.stream().map(UnreadEntry::path).toList());
    for (int i = 0; i < page.size(); i++) {
      UnreadEntry each = page.get(i);
      Answer<SessionHandle.Node> node = nodes.get(i);
      if (node.code() != Code.NONODE) {
        folders
            .tried(each.source().ns.toString(), () -> entry(each, node))
            .ifPresent(each.source().read::addLast);
      }
    }
  }

  private History.Entry entry(UnreadEntry wanted, Answer<SessionHandle.Node> node) {
    byte[] data = reader.calls().require(wanted.path(), node).data();
    return ZkHistory.entry(
        StoredRelease.value(AuditRecord.CODEC.decode(data), wanted.path().toString()));
  }
}
