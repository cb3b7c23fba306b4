package io.zookit.core.internal.audit;

import com.google.common.collect.Lists;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.NodeSpace;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** Reads, verifies and removes the audit, for callers that wait. */
public final class AuditReader {

  private static final int DELETES_TOGETHER = 500;

  /**
   * An entry as it was read.
   *
   * @param number its number in the day
   * @param hash the hash of its bytes
   * @param problem why it cannot be read; empty if it can, and then the rest counts
   */
  public record EntryRead(
      LocalDate day,
      int number,
      String action,
      String target,
      String detail,
      String by,
      List<String> identities,
      String client,
      Instant at,
      String previous,
      String hash,
      Optional<String> problem) {}

  private final NodeSpace space;
  private final AuditPaths paths;
  private final BlockingCalls calls;

  /** Creates a reader; each request waits at most for the limit. */
  public AuditReader(NodeSpace space, Duration limit) {
    this.space = space;
    this.paths = new AuditPaths(space.rootPath());
    this.calls = new BlockingCalls(space, limit);
  }

  /** The days that have entries, oldest first. */
  public List<LocalDate> days() throws InterruptedException {
    return AuditPaths.days(children(paths.folder())).stream()
        .map(name -> AuditPaths.dayNamed(name).orElseThrow())
        .toList();
  }

  /** The numbers of the entries that a day has, in order. */
  List<Integer> numbers(LocalDate day) throws InterruptedException {
    return children(paths.day(AuditPaths.nameOf(day))).stream()
        .map(AuditPaths::number)
        .filter(OptionalInt::isPresent)
        .map(OptionalInt::getAsInt)
        .sorted()
        .toList();
  }

  /** Reads the entries of a day, many in a round trip; those that are not there are left out. */
  public void read(LocalDate day, List<Integer> numbers, Consumer<EntryRead> each)
      throws InterruptedException {
    String name = AuditPaths.nameOf(day);
    for (List<Integer> page : Lists.partition(numbers, Multi.MOST_READS)) {
      List<Answer<SessionHandle.Node>> nodes = ask(
          paths.folder(),
          (handle, reply) -> Multi.readNodes(
              handle,
              page.stream().map(number -> paths.entry(name, number).value()).toList(),
              reply));
      for (int i = 0; i < page.size(); i++) {
        Answer<SessionHandle.Node> node = nodes.get(i);
        if (node.code() != Code.NONODE) {
          each.accept(line(day, page.get(i), node));
        }
      }
    }
  }

  /** The entries of a day, in order. */
  public void read(LocalDate day, Consumer<EntryRead> each) throws InterruptedException {
    read(day, numbers(day), each);
  }

  /** The newest entries of a day, newest first. */
  public List<EntryRead> newest(LocalDate day, int most) throws InterruptedException {
    List<Integer> numbers = numbers(day);
    List<EntryRead> lines = new ArrayList<>();
    read(day, numbers.subList(Math.max(0, numbers.size() - most), numbers.size()), lines::add);
    return Lists.reverse(lines);
  }

  /** The end of a day's chain; empty if the day does not exist. */
  Optional<Decoded<AuditDayRecord>> end(LocalDate day) throws InterruptedException {
    ZkPath path = paths.day(AuditPaths.nameOf(day));
    Answer<SessionHandle.Node> read = ask(path, (handle, reply) -> {
      handle.sync(path, synced -> {});
      handle.getData(path, null, reply);
    });
    return read.code() == Code.NONODE
        ? Optional.empty()
        : Optional.of(AuditDayRecord.CODEC.decode(require(path, read).data()));
  }

  /** Removes the days before one; returns them. What another client removes at the same time counts, too. */
  public List<LocalDate> removeBefore(LocalDate oldest) throws InterruptedException {
    List<LocalDate> removed = new ArrayList<>();
    for (LocalDate day : days()) {
      if (day.isBefore(oldest)) {
        remove(AuditPaths.nameOf(day));
        removed.add(day);
      }
    }
    return removed;
  }

  /** Entries first, newest first: what is left by a failure in between is the begin of the day, and removed by the next call. */
  private void remove(String day) throws InterruptedException {
    ZkPath folder = paths.day(day);
    List<String> names = new ArrayList<>(children(folder));
    names.sort(java.util.Comparator.reverseOrder());
    for (List<String> page : Lists.partition(names, DELETES_TOGETHER)) {
      List<Op> deletes =
          page.stream().map(name -> Op.delete(folder.own(name).value(), -1)).toList();
      Answer<List<OpResult>> deleted = ask(folder, (handle, reply) -> handle.multi(deletes, reply));
      if (deleted.code() == Code.NONODE) {
        remove(day); // by another client, too
        return;
      }
      require(folder, deleted);
    }
    Answer<Boolean> deleted = ask(folder, (handle, reply) -> handle.delete(folder, -1, reply));
    if (deleted.code() != Code.NONODE) {
      require(folder, deleted);
    }
  }

  private List<String> children(ZkPath path) throws InterruptedException {
    Answer<List<String>> listed = ask(path, (handle, reply) -> {
      handle.sync(path, synced -> {});
      handle.list(path, reply);
    });
    return listed.code() == Code.NONODE ? List.of() : require(path, listed);
  }

  private EntryRead line(LocalDate day, int number, Answer<SessionHandle.Node> node) {
    if (!node.isAnswered()) {
      throw KeeperErrors.of(node, paths.entry(AuditPaths.nameOf(day), number));
    }
    if (!node.isOk()) {
      return unreadable(day, number, "", "ZooKeeper answered " + node.code());
    }
    byte[] data = node.get().data();
    String hash = AuditAppend.hash(data);
    Decoded<AuditEntryRecord> decoded = AuditEntryRecord.CODEC.decode(data);
    if (decoded instanceof Decoded.Value<AuditEntryRecord> value) {
      AuditEntryRecord record = value.value();
      String detail = record.detail();
      List<String> identities = record.identities();
      return new EntryRead(
          day,
          number,
          record.action(),
          record.target(),
          detail == null ? "" : detail,
          record.by(),
          identities == null ? List.of() : identities,
          record.client(),
          record.at(),
          record.previous(),
          hash,
          Optional.empty());
    }
    return unreadable(
        day,
        number,
        hash,
        decoded instanceof Decoded.Malformed<AuditEntryRecord> malformed
            ? "damaged: " + malformed.reason()
            : "written by a later version");
  }

  private static EntryRead unreadable(LocalDate day, int number, String hash, String problem) {
    return new EntryRead(
        day, number, "", "", "", "", List.of(), "", Instant.EPOCH, "", hash, Optional.of(problem));
  }

  private <T> T require(ZkPath path, Answer<T> answer) {
    if (!answer.isOk()) {
      throw KeeperErrors.of(answer, path);
    }
    return answer.get();
  }

  private <T> T ask(ZkPath about, BiConsumer<SessionHandle, Consumer<T>> request)
      throws InterruptedException {
    return calls.ask(about, request);
  }

  /** The day of this moment. */
  public LocalDate today() {
    return space.timekeeper().now().atZone(ZoneOffset.UTC).toLocalDate();
  }
}
