package io.zookit.config.internal.zk;

import com.google.common.collect.Lists;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.Content;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.format.Format;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredPolicy;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Reads the configuration in ZooKeeper, for callers that wait. */
public final class StoredConfigReader {

  /** A head, and a policy that is not older. */
  public record Situation(StoredHead head, Policy policy) {}

  private static final int FEWEST_TOGETHER = 8;
  private static final int MOST_TOGETHER = 128;

  private final RepeatedCalls calls;
  private final ConfigPaths paths;
  private final Supplier<Instant> clock;

  StoredConfigReader(RepeatedCalls calls, ConfigPaths paths, Supplier<Instant> clock) {
    this.calls = calls;
    this.paths = paths;
    this.clock = clock;
  }

  public Instant now() {
    return clock.get();
  }

  public ConfigPaths paths() {
    return paths;
  }

  public RepeatedCalls calls() {
    return calls;
  }

  /** The head, or what a first one is made from: it goes on where traces of an earlier one end. */
  public StoredHead head(Namespace ns) throws InterruptedException {
    return head(ns, calls.read(paths.head(ns)));
  }

  /**
   * Reads the situation that a change is based on. A policy that changes afterwards changes the head, too.
   *
   * @param afterOwn whether a transaction of the caller was answered, and that is new enough
   */
  public Situation situation(Namespace ns, boolean afterOwn) throws InterruptedException {
    List<Optional<SessionHandle.Node>> both =
        calls.readAll(List.of(paths.head(ns), paths.policy(ns)), afterOwn);
    return new Situation(head(ns, both.get(0)), policy(ns, both.get(1)).policy());
  }

  private StoredHead head(Namespace ns, Optional<SessionHandle.Node> node)
      throws InterruptedException {
    if (node.isPresent()) {
      Head head = StoredRelease.value(Head.CODEC.decode(node.get().data()), ns + ": head");
      return new StoredHead(head, node.get().stat().getVersion());
    }
    long epoch = acks(ns).stream().mapToLong(InstanceReleaseStatus::epoch).max().orElse(0) + 1;
    int revision = greatest(paths.audits(ns));
    int last = greatest(paths.releases(ns));
    return StoredHead.absent(epoch, revision, last, clock.get());
  }

  /** The head that a read of its node returned. */
  StoredHead head(Namespace ns, Answer<SessionHandle.Node> read) throws InterruptedException {
    return head(ns, Optional.of(calls.require(paths.head(ns), read)));
  }

  /** The head of an existing namespace. */
  public StoredHead present(Namespace ns) throws InterruptedException {
    StoredHead stored = head(ns);
    if (!stored.isThere()) {
      throw new ConfigNotFoundException(ns, "the namespace");
    }
    return stored;
  }

  public Optional<StoredRelease> release(Namespace ns, int number) throws InterruptedException {
    return calls
        .readImmutable(paths.release(ns, number))
        .map(node -> StoredRelease.decode(node.data()));
  }

  public StoredRelease presentRelease(Namespace ns, int number) throws InterruptedException {
    return release(ns, number)
        .orElseThrow(() -> new ConfigNotFoundException(ns, "release " + number));
  }

  /** The content of a release; secrets stay sealed. */
  public Content content(Namespace ns, int number) throws InterruptedException {
    return content(ns, presentRelease(ns, number));
  }

  /** The content of a release that was read; secrets stay sealed. */
  public Content content(Namespace ns, StoredRelease stored) throws InterruptedException {
    return Content.of(stored.open(packed(ns.env(), stored)));
  }

  /** The content of a release, or of no release yet: number 0, an empty one of a format. */
  public Content content(Namespace ns, int number, Format orElse) throws InterruptedException {
    return number == 0 ? Content.empty(orElse) : content(ns, number);
  }

  /** The content of the stable release; an empty one of that format when there is none. */
  public Content stable(Namespace ns, Head head, Format orElse) throws InterruptedException {
    return head.stable() == null ? Content.empty(orElse) : content(ns, head);
  }

  private Content content(Namespace ns, Head head) throws InterruptedException {
    Optional<Head.InlineRelease> rider = head.rider(Objects.requireNonNull(head.stable()));
    if (rider.isEmpty()) {
      return content(ns, head.stableNumber());
    }
    StoredRelease stored = rider.get().release();
    return Content.of(stored.open(stored.payload()));
  }

  public byte[] packed(String env, StoredRelease stored) throws InterruptedException {
    String blob = stored.manifest().blob();
    return blob == null
        ? stored.payload()
        : blob(env, blob, Objects.requireNonNull(stored.manifest().chunks()));
  }

  byte[] blob(String env, String sha256, int chunks) throws InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < chunks; i++) {
      ZkPath path = paths.chunk(env, sha256, i);
      all.writeBytes(calls
          .readImmutable(path)
          .orElseThrow(() -> new UnreadableDataException(path + ": missing"))
          .data());
    }
    if (!Digests.sha256(all.toByteArray()).equals(sha256)) {
      throw new UnreadableDataException("blob " + sha256 + ": damaged");
    }
    return all.toByteArray();
  }

  public StoredPolicy policy(Namespace ns) throws InterruptedException {
    return policy(ns, calls.read(paths.policy(ns)));
  }

  private static StoredPolicy policy(Namespace ns, Optional<SessionHandle.Node> node) {
    return node.isEmpty()
        ? new StoredPolicy(Policy.standard(), -1)
        : new StoredPolicy(
            StoredRelease.value(StoredPolicy.CODEC.decode(node.get().data()), ns + ": policy"),
            node.get().stat().getVersion());
  }

  public Optional<AuditRecord> audit(Namespace ns, long revision) throws InterruptedException {
    return calls
        .read(paths.audit(ns, revision))
        .map(node ->
            StoredRelease.value(AuditRecord.CODEC.decode(node.data()), ns + ": audit " + revision));
  }

  /** The newest change that is wanted: shows them newest first, more in each round trip, and none after that one. */
  public Optional<AuditRecord> newestAudit(Namespace ns, Predicate<AuditRecord> wanted)
      throws InterruptedException {
    Optional<AuditRecord> found = Optional.empty();
    long last = head(ns).head().revision();
    for (int page = FEWEST_TOGETHER;
        found.isEmpty() && last > 0;
        page = Math.min(2 * page, MOST_TOGETHER)) {
      long first = Math.max(1, last - page + 1);
      found = audits(ns, first, last).stream().filter(wanted).findFirst();
      last = first - 1;
    }
    return found;
  }

  /** The changes from one revision to another, newest first; those that are not there are left out. */
  private List<AuditRecord> audits(Namespace ns, long first, long last)
      throws InterruptedException {
    List<ZkPath> nodes = new ArrayList<>();
    for (long revision = last; revision >= first; revision--) {
      nodes.add(paths.audit(ns, revision));
    }
    List<AuditRecord> audits = new ArrayList<>();
    for (Optional<SessionHandle.Node> node : calls.readAll(nodes)) {
      node.ifPresent(read -> audits.add(StoredRelease.value(
          AuditRecord.CODEC.decode(read.data()), ns + ": audit below " + last)));
    }
    return audits;
  }

  /** The status that live clients report, one for each instance: of several sessions the newest. */
  public List<InstanceReleaseStatus> acks(Namespace ns) throws InterruptedException {
    List<ReportedStatus> found = new ArrayList<>();
    for (List<String> page : Lists.partition(calls.children(paths.acks(ns)), MOST_TOGETHER)) {
      List<Optional<SessionHandle.Node>> nodes =
          calls.readAll(page.stream().map(paths.acks(ns)::own).toList());
      for (int i = 0; i < page.size(); i++) {
        String name = page.get(i);
        nodes.get(i).flatMap(node -> ReportedStatus.of(name, node)).ifPresent(found::add);
      }
    }
    return ReportedStatus.newest(found);
  }

  /** The greatest number among the children of a folder; 0 when there is none. */
  public int greatest(ZkPath folder) throws InterruptedException {
    return calls.children(folder).stream()
        .mapToInt(name -> ConfigPaths.number(name).orElse(0))
        .max()
        .orElse(0);
  }
}
