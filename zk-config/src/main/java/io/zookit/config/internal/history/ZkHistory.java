package io.zookit.config.internal.history;

import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.Content;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.format.Diff;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.Sealer;
import io.zookit.config.internal.zk.SecretDisclosure;
import io.zookit.config.internal.zk.StoredConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the history of one namespace. */
public final class ZkHistory implements History {

  private final Namespace ns;
  private final StoredConfigReader reader;
  private final SecretDisclosure disclosure;

  public ZkHistory(Namespace ns, StoredConfigReader reader, SecretDisclosure disclosure) {
    this.ns = ns;
    this.reader = reader;
    this.disclosure = disclosure;
  }

  @Override
  public List<Release> releases(int most) throws InterruptedException {
    List<Release> releases = new ArrayList<>();
    for (int number : numbers().descendingSet()) {
      if (releases.size() == most) {
        break;
      }
      reader
          .release(ns, number)
          .ifPresent(stored -> releases.add(stored.manifest().toRelease(ns)));
    }
    return releases;
  }

  @Override
  public Optional<Release> find(String name) throws InterruptedException {
    OptionalInt number = number(name);
    return number.isEmpty()
        ? Optional.empty()
        : reader.release(ns, number.getAsInt()).map(stored -> stored.manifest().toRelease(ns));
  }

  @Override
  public Content content(int number) throws InterruptedException {
    return reader.content(ns, number);
  }

  @Override
  public Content reveal(Content content) throws InterruptedException {
    return disclosure.reveal(ns, content);
  }

  @Override
  public Diff diff(String from, String to) throws InterruptedException {
    return Sealer.difference(from, named(from), to, named(to));
  }

  @Override
  public List<Entry> entries(int most) throws InterruptedException {
    if (most < 1) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    reader.newestAudit(ns, record -> {
      entries.add(entry(record));
      return entries.size() == most;
    });
    return entries;
  }

  @Override
  public Optional<Entry> outcome(String publishId) throws InterruptedException {
    return reader
        .newestAudit(ns, record -> record.publishId().equals(publishId))
        .map(ZkHistory::entry);
  }

  @Override
  public Verdict verify() throws InterruptedException {
    return new HistoryVerifier(ns, reader).verify();
  }

  /** The number a name stands for; empty when it stands for none now. */
  private OptionalInt number(String name) throws InterruptedException {
    if (name.matches("\\d{1,9}")) {
      return OptionalInt.of(Integer.parseInt(name));
    }
    Head head = reader.present(ns).head();
    if (name.equals("@stable")) {
      return head.stable() == null ? OptionalInt.empty() : OptionalInt.of(head.stableNumber());
    }
    if (name.matches("@stable~\\d{1,4}")) {
      try {
        int steps = Integer.parseInt(name.substring("@stable~".length()));
        return OptionalInt.of(new StableHistory(reader, ns).before(head, steps));
      } catch (ConfigNotFoundException e) {
        return OptionalInt.empty();
      }
    }
    if (name.startsWith("@gray/")) {
      return head.gray(name.substring("@gray/".length()))
          .map(rule -> OptionalInt.of(rule.pointer().release()))
          .orElse(OptionalInt.empty());
    }
    throw new IllegalArgumentException(
        "release: \"" + name + "\" (expected: a number, @stable, @stable~N or @gray/NAME)");
  }

  private Content named(String name) throws InterruptedException {
    OptionalInt number = number(name);
    if (number.isEmpty()) {
      throw new ConfigNotFoundException(ns, "release " + name);
    }
    return content(number.getAsInt());
  }

  private NavigableSet<Integer> numbers() throws InterruptedException {
    TreeSet<Integer> numbers = new TreeSet<>();
    for (String name : reader.calls().children(reader.paths().releases(ns))) {
      ConfigPaths.number(name).ifPresent(numbers::add);
    }
    return numbers;
  }

  /** A change as the API reports it. */
  public static Entry entry(AuditRecord record) {
    Integer release = record.release();
    Map<String, String> removed = record.removed();
    return new Entry(
        record.epoch(),
        record.revision(),
        record.action(),
        release == null ? OptionalInt.empty() : OptionalInt.of(release),
        record.publishId(),
        record.by(),
        record.at(),
        record.message(),
        removed == null ? Map.of() : removed,
        orEmpty(record.aborted()),
        orEmpty(record.identities()),
        orEmpty(record.approvals()),
        orEmpty(record.overrides()),
        Optional.ofNullable(record.policyBefore()),
        Optional.ofNullable(record.policyAfter()));
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
