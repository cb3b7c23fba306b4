package io.zookit.id.internal.record;

import io.zookit.core.internal.codec.Stored;

/**
 * State of a name.
 *
 * <pre>
 *   MAKING ──all slots created──► OPEN
 *   OPEN ──roll, raise, resize──► SEALED ──finish──► OPEN, one generation later
 *                                   └──another layout──► MAKING
 *    └─────────restored data────► BLOCKED ──raise──► SEALED
 * </pre>
 */
public enum RecordState {
  /** Its slots are being created, which the next client that reads it completes. */
  @Stored("making")
  MAKING,
  /** Ids are allocated. */
  @Stored("open")
  OPEN,
  /** Nothing is allocated until a client that reads it has opened the next generation. */
  @Stored("sealed")
  SEALED,
  /** Nothing is allocated until an operator raises the name. */
  @Stored("blocked")
  BLOCKED
}
