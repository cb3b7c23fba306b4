package io.zookit.core.internal.audit;

import com.google.common.hash.Hashing;
import io.zookit.core.internal.path.ZkPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * The operations that append one entry to a day, and the day afterwards. Decided from the day as it was read: the operations
 * are refused if it has changed since.
 *
 * @param ops in their order: the folder and the day if they do not exist yet, else the new end of the day, then the entry
 * @param after the day when they have been applied
 */
record AuditAppend(List<Op> ops, SeenDay after) {

  /** The most entries of a day. */
  static final int MOST_ENTRIES = 10_000;

  /** The most entries of a day when a change that programs make is still entered. */
  static final int MOST_FREQUENT = 9_000;

  private static final byte[] NO_DATA = {};

  /**
   * A day as it was read, or as it is after an own transaction.
   *
   * @param folder whether the folder of all days exists
   * @param version of the day's node; −1 if it does not exist
   */
  record SeenDay(String day, boolean folder, int version, AuditDayRecord record) {}

  /** The author of a change: claimed, authenticated, and the client that made it. */
  record Author(String by, List<String> identities, String client) {}

  /** Decides how a change is entered; beyond the limit of the day it is only counted. */
  static AuditAppend of(
      SeenDay seen,
      AuditPaths paths,
      Function<ZkPath, List<ACL>> lists,
      AuditedChange change,
      Author author,
      Instant now) {
    int most = change.frequent() ? MOST_FREQUENT : MOST_ENTRIES;
    byte[] entry = seen.record().count() < most ? entry(seen, change, author, now) : null;
    AuditDayRecord record =
        entry == null ? seen.record().omittedOne() : seen.record().appended(hash(entry));
    List<Op> ops = new ArrayList<>();
    if (!seen.folder()) {
      ops.add(create(paths.folder(), NO_DATA, lists));
    }
    ZkPath day = paths.day(seen.day());
    byte[] data = AuditDayRecord.CODEC.encode(record);
    ops.add(
        seen.version() < 0
            ? create(day, data, lists)
            : Op.setData(day.value(), data, seen.version()));
    if (entry != null) {
      ops.add(create(paths.entry(seen.day(), record.count()), entry, lists));
    }
    return new AuditAppend(
        List.copyOf(ops), new SeenDay(seen.day(), true, seen.version() + 1, record));
  }

  /** The hash of an entry, by its bytes. */
  static String hash(byte[] entry) {
    return Hashing.sha256().hashBytes(entry).toString();
  }

  private static byte[] entry(SeenDay seen, AuditedChange change, Author author, Instant now) {
    @Nullable List<String> identities = author.identities().isEmpty() ? null : author.identities();
    return new AuditEntryRecord(
            change.action(),
            change.target(),
            change.detail().orElse(null),
            author.by(),
            identities,
            author.client(),
            now,
            seen.record().hash())
        .encoded();
  }

  private static Op create(ZkPath path, byte[] data, Function<ZkPath, List<ACL>> lists) {
    return Op.create(path.value(), data, lists.apply(path), CreateMode.PERSISTENT);
  }
}
