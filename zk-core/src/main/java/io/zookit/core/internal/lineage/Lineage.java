package io.zookit.core.internal.lineage;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.lineage.LineageRecord.Mark;
import io.zookit.core.internal.lineage.LineageRecord.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.data.Stat;

/**
 * The memory that a client has of the data in ZooKeeper: one version of the lineage node with its history. A comparison
 * with what is read later distinguishes data that continued from data that were wiped or restored.
 *
 * <p>Neither the version nor the transaction number suffices: a copy that was restored may be written by other clients
 * until both are greater than those remembered. So the record holds its own history. Between two reads of data that
 * only continued, the history read first is the beginning of the one read later:
 *
 * <pre>
 *   remembered   v1 ─ v2 | v3 ─ … ─ v7                    | = border: the first version under another leader
 *   goes on      v1 ─ v2 | v3 ─ … ─ v7 ─ v8 | v9          has every border up to v7, and the same tag at v7
 *   restored     v1 ─ v2 | v3 | v4' ─ … ─ v8'             has a border at v4, which was none
 *   used twice   v1 ─ v2 | v3' ─ v4' ─ … ─ v8'            has another border at v3: the epoch is the same, not the tag
 *   one server   v1 ─ v2 | v3 ─ v4' ─ … ─ v8'             has another tag at v7
 * </pre>
 *
 * <p>A border is the version that began an epoch, not the one that ended the epoch before: data that were copied just
 * before a change of leaders have the same end, but never the same beginning.
 *
 * <p>Not detectable: changes undone since the remembered version; a fork within one epoch, as on a single server, that
 * has gone on for more versions than the marks kept; an absence of more epochs than the borders kept.
 *
 * <p>Immutable. No I/O.
 */
public record Lineage(
    @Stored("id") String id,
    @Stored("incarnation") long incarnation,
    @Stored("czxid") long czxid,
    @Stored("ctime") long ctime,
    @Stored("modified") long modified,
    @Stored("here") Version here,
    @Stored("borders") List<Version> borders,
    @Stored("marks") List<Mark> marks) {

  /** The result of a comparison with an earlier memory. */
  sealed interface LineageComparison {

    /** The data went on, or nothing was written since. */
    record Continued() implements LineageComparison {}

    /** An operator has said that these are the right data. */
    record Raised() implements LineageComparison {}

    /** The data are not those that were remembered, or an older state of them. */
    record Mismatched(String reason) implements LineageComparison {}
  }

  static final RecordCodec<Lineage> CODEC = RecordCodec.of(Lineage.class, 1).withLimit(16 * 1024);
  private static final LineageComparison CONTINUED = new LineageComparison.Continued();
  private static final LineageComparison RAISED = new LineageComparison.Raised();

  /** Returns the lineage that was read, with the border that its next writer will write. */
  static Lineage of(LineageRecord record, Stat stat) {
    Version here = new Version(stat.getVersion(), stat.getMzxid(), record.tag());
    List<Version> borders = new ArrayList<>(record.borders());
    Version before = record.previous();
    if (before != null && before.epoch() != here.epoch()) {
      borders.add(here);
    }
    return new Lineage(
        record.id(),
        record.incarnation(),
        stat.getCzxid(),
        stat.getCtime(),
        stat.getMtime(),
        here,
        newest(borders, LineageRecord.MOST_BORDERS),
        List.copyOf(record.marks()));
  }

  /** Returns the record of the next version. */
  LineageRecord next(String tag) {
    return next(id, incarnation, tag);
  }

  /** Returns the record of the next version if an operator has confirmed the data. */
  LineageRecord raised(String newId, long newIncarnation, String tag) {
    return next(newId, newIncarnation, tag);
  }

  private LineageRecord next(String nextId, long nextIncarnation, String tag) {
    List<Mark> more = new ArrayList<>(marks);
    more.add(new Mark(here.version(), here.tag()));
    return new LineageRecord(
        nextId, nextIncarnation, tag, here, borders, newest(more, LineageRecord.MOST_MARKS));
  }

  /** Compares what was read with this memory. */
  LineageComparison compare(Lineage read) {
    if (!id.equals(read.id) && read.incarnation > incarnation) {
      return RAISED;
    }
    return identity(read)
        .or(() -> order(read))
        .or(() -> history(read))
        .map(reason -> (LineageComparison) new LineageComparison.Mismatched(reason))
        .orElse(CONTINUED);
  }

  private Optional<String> identity(Lineage read) {
    if (!id.equals(read.id) && read.incarnation < incarnation) {
      return Optional.of("it is of the incarnation " + read.incarnation + ", which was followed by "
          + incarnation);
    }
    if (!id.equals(read.id)) {
      return Optional.of("the data are others, they were wiped or belong to another ensemble");
    }
    if (czxid != read.czxid || ctime != read.ctime) {
      return Optional.of("the node was created again, the data were wiped");
    }
    return Optional.empty();
  }

  private Optional<String> order(Lineage read) {
    int before = here.version();
    int now = read.here.version();
    if (now < before) {
      return Optional.of("it went back from version " + before + " to " + now);
    }
    if (now == before && !here.equals(read.here)) {
      return Optional.of("it is another version " + now);
    }
    if (now > before && read.here.mzxid() <= here.mzxid()) {
      return Optional.of("transaction numbers went back under version " + now);
    }
    return Optional.empty();
  }

  /** Checks that the memory is the beginning of what was read; returns a mismatch. */
  private Optional<String> history(Lineage read) {
    return foreignBorder(read)
        .map(border ->
            "its history has an epoch from version " + border.version() + " on that was none")
        .or(() -> lostBorder(read)
            .map(border -> "its history lacks the epoch from version " + border.version() + " on"))
        .or(() ->
            foreignMark(read).map(mark -> "its history has another version " + mark.version()));
  }

  private Optional<Version> foreignBorder(Lineage read) {
    int oldest = horizon();
    return read.borders.stream()
        .filter(border -> border.version() >= oldest && border.version() <= here.version())
        .filter(border -> !borders.contains(border))
        .findFirst();
  }

  private Optional<Version> lostBorder(Lineage read) {
    int oldest = read.horizon();
    return borders.stream()
        .filter(border -> border.version() >= oldest)
        .filter(border -> !read.borders.contains(border))
        .findFirst();
  }

  private Optional<Mark> foreignMark(Lineage read) {
    Map<Integer, String> mine = new HashMap<>();
    marks.forEach(mark -> mine.put(mark.version(), mark.tag()));
    mine.put(here.version(), here.tag());
    return read.marks.stream()
        .filter(mark -> !mark.tag().equals(mine.getOrDefault(mark.version(), mark.tag())))
        .findFirst();
  }

  /** The least version from which on every border is kept. */
  private int horizon() {
    return borders.size() < LineageRecord.MOST_BORDERS ? 0 : borders.get(0).version();
  }

  /** Tells if more epochs have passed than borders are kept, so that a foreign one may be missing. */
  boolean isBeyondReachOf(Lineage read) {
    return read.horizon() > here.version();
  }

  /** A text that a later run can read. */
  public String toText() {
    return new String(CODEC.encode(this), StandardCharsets.UTF_8);
  }

  /** Reads what {@link #toText} wrote; empty if it is something else. */
  public static Optional<Lineage> ofText(String text) {
    return CODEC.decode(text.getBytes(StandardCharsets.UTF_8))
            instanceof Decoded.Value<Lineage> kept
        ? Optional.of(kept.value())
        : Optional.empty();
  }

  String describe() {
    return "version " + here.version() + " (" + here.tag() + ") of " + id + ", transaction 0x"
        + Long.toHexString(here.mzxid());
  }

  private static <T> List<T> newest(List<T> all, int most) {
    return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
  }
}
