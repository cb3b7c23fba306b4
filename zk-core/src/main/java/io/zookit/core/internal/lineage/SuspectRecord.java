package io.zookit.core.internal.lineage;

import io.zookit.core.RestoreSuspicion;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;

/**
 * The record that is stored while restored data are suspected.
 *
 * @param by the label of the client that noticed
 * @param reason what it noticed
 * @param incarnation the greatest that it knows
 * @param known the state it remembers
 * @param found the state it read
 */
record SuspectRecord(
    @Stored("by") String by,
    @Stored("reason") String reason,
    @Stored("incarnation") long incarnation,
    @Stored("known") String known,
    @Stored("found") String found) {

  static final RecordCodec<SuspectRecord> CODEC = RecordCodec.of(SuspectRecord.class, 1);

  static SuspectRecord of(RestoreSuspicion suspicion) {
    return new SuspectRecord(
        suspicion.by(),
        suspicion.reason(),
        suspicion.incarnation(),
        suspicion.known(),
        suspicion.found());
  }

  RestoreSuspicion suspicion() {
    return new RestoreSuspicion(by, reason, incarnation, known, found);
  }
}
