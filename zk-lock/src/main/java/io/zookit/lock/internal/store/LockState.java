package io.zookit.lock.internal.store;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkException;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.path.ZkPath;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * State of a lock that outlives its requests.
 *
 * @param kind which recipe wrote it
 * @param maximum permits of a semaphore, or how many numbers numbered leases have
 * @param heldBy the token of the owner that has entered and not left; it remains if the owner dies inside
 * @param cell what the owners keep here for each other, in base 64
 * @param cellBy the token of the owner that wrote the cell
 * @param transferTo the candidate an election's leader wants next
 * @param transferUntil epoch milliseconds until which the others let it pass
 */
public record LockState(
    @Stored("kind") String kind,
    @Stored("maximum") @Nullable Integer maximum,
    @Stored("heldBy") @Nullable String heldBy,
    @Stored("cell") @Nullable String cell,
    @Stored("cellBy") @Nullable String cellBy,
    @Stored("transferTo") @Nullable String transferTo,
    @Stored("transferUntil") @Nullable Long transferUntil) {

  public static final String SEMAPHORE = "semaphore";
  public static final String LOCK = "lock";
  public static final String ELECTION = "election";
  public static final String NUMBERS = "numbers";

  static final RecordCodec<LockState> CODEC = RecordCodec.of(LockState.class, 1);

  public static LockState semaphore(int maximum) {
    return new LockState(SEMAPHORE, maximum, null, null, null, null, null);
  }

  public static LockState numbers(int count) {
    return new LockState(NUMBERS, count, null, null, null, null, null);
  }

  /** Nothing of a kind. */
  public static LockState empty(String kind) {
    return new LockState(kind, null, null, null, null, null, null);
  }

  /**
   * Reads what a node of a kind holds; no bytes, when it was made as the folder of a longer name, are nothing of any kind.
   *
   * @throws ZkException if it is of another kind, or cannot be understood
   */
  public static LockState read(byte[] data, String kind, ZkPath node) {
    if (data.length == 0) {
      return empty(kind);
    }
    Decoded<LockState> decoded = CODEC.decode(data);
    if (!(decoded instanceof Decoded.Value<LockState> read)) {
      throw new ZkException(node + ": cannot be read by this version: " + decoded);
    }
    if (!read.value().kind.equals(kind)) {
      throw new ZkException(
          node + ": is the state of a " + read.value().kind + " (expected: " + kind + ")");
    }
    return read.value();
  }

  public byte[] encoded() {
    return CODEC.encode(this);
  }

  public boolean isHeldBy(FencingToken token) {
    return token.toString().equals(heldBy);
  }

  public boolean isCellBy(FencingToken token) {
    return token.toString().equals(cellBy);
  }

  /** The value of the cell; a new array each time. */
  public Optional<byte[]> cellValue() {
    return cell == null ? Optional.empty() : Optional.of(Base64.getDecoder().decode(cell));
  }

  public LockState withHolder(FencingToken token) {
    return new LockState(kind, maximum, token.toString(), cell, cellBy, transferTo, transferUntil);
  }

  /** Without the mark of one holder; that of another one stays. */
  public LockState withoutHolder(FencingToken token) {
    return isHeldBy(token)
        ? new LockState(kind, maximum, null, cell, cellBy, transferTo, transferUntil)
        : this;
  }

  public LockState withCell(byte[] value, FencingToken writer) {
    String text = Base64.getEncoder().encodeToString(value);
    return new LockState(kind, maximum, heldBy, text, writer.toString(), transferTo, transferUntil);
  }

  public LockState withTransfer(String to, Instant until) {
    return new LockState(kind, maximum, heldBy, cell, cellBy, to, until.toEpochMilli());
  }

  public LockState withoutTransfer() {
    return new LockState(kind, maximum, heldBy, cell, cellBy, null, null);
  }
}
