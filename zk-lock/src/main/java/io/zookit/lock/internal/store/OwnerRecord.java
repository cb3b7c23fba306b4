package io.zookit.lock.internal.store;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content of a queue node: the owner, for people, and what the few decisions need that a name cannot carry.
 *
 * @param owner what the process is called
 * @param pid its process id on its machine
 * @param party the party of that process that requests, if it is named; one party's holds and waits belong together
 * @param waitsFor the queue node this party waits behind while it holds this one; written after a long wait
 * @param downgraded whether a writer reads only, by now
 * @param granted whether permits were granted after a wait
 * @param revoke why the lock is wanted back
 * @param label what a candidate of an election is called
 */
public record OwnerRecord(
    @Stored("owner") String owner,
    @Stored("pid") long pid,
    @Stored("party") @Nullable String party,
    @Stored("waitsFor") @Nullable String waitsFor,
    @Stored("downgraded") @Nullable Boolean downgraded,
    @Stored("granted") @Nullable Boolean granted,
    @Stored("revoke") @Nullable String revoke,
    @Stored("label") @Nullable String label) {

  static final RecordCodec<OwnerRecord> CODEC = RecordCodec.of(OwnerRecord.class, 1);

  public static OwnerRecord of(String owner, long pid) {
    return new OwnerRecord(owner, pid, null, null, null, null, null, null);
  }

  public static Optional<OwnerRecord> read(byte[] data) {
    return CODEC.decode(data) instanceof Decoded.Value<OwnerRecord> read
        ? Optional.of(read.value())
        : Optional.empty();
  }

  /** Data that cannot be read say nothing, so the writer excludes. */
  public static boolean isDowngraded(byte[] data) {
    return read(data).map(record -> Boolean.TRUE.equals(record.downgraded)).orElse(false);
  }

  /** Data that cannot be read say nothing; what is behind looks again when the node goes. */
  public static boolean isGranted(byte[] data) {
    return read(data).map(record -> Boolean.TRUE.equals(record.granted)).orElse(false);
  }

  public OwnerRecord toGranted() {
    return new OwnerRecord(owner, pid, party, waitsFor, downgraded, true, revoke, label);
  }

  public OwnerRecord ofParty(String name) {
    return new OwnerRecord(owner, pid, name, waitsFor, downgraded, granted, revoke, label);
  }

  public OwnerRecord ofLabel(String name) {
    return new OwnerRecord(owner, pid, party, waitsFor, downgraded, granted, revoke, name);
  }

  public OwnerRecord withWaitsFor(@Nullable String node) {
    return new OwnerRecord(owner, pid, party, node, downgraded, granted, revoke, label);
  }

  public OwnerRecord toDowngraded() {
    return new OwnerRecord(owner, pid, party, waitsFor, true, granted, revoke, label);
  }

  public OwnerRecord withRevoke(String reason) {
    return new OwnerRecord(owner, pid, party, waitsFor, downgraded, granted, reason, label);
  }

  /** The owner of a node as an exception names it; empty if its data cannot be read. */
  public static Optional<WaitedFor> waitedFor(byte[] data, long createdMillis) {
    return read(data).map(record -> record.waitedFor(Instant.ofEpochMilli(createdMillis)));
  }

  /** This owner as an exception names it. */
  public WaitedFor waitedFor(Instant created) {
    return new WaitedFor(owner, pid, Optional.ofNullable(party == null ? label : party), created);
  }

  public byte[] encoded() {
    return CODEC.encode(this);
  }
}
