package io.zookit.id.internal.sequence;

import java.util.Optional;

/**
 * The memory that a process has of a name from the answers of its own writes. It shows that the data in ZooKeeper were restored,
 * wiped or damaged: numbers and generations only grow, and within a generation the nodes stay the same ones.
 *
 * @param generation of the last answer
 * @param recordCzxid of the record then
 * @param counterCzxid of the counter then
 * @param highest the greatest number that was allocated to this process
 */
record NumberMemory(int generation, long recordCzxid, long counterCzxid, long highest) {

  /** The memory after an answer. */
  static NumberMemory of(OpenNumbers open, long counterCzxid, NumberRange allocated) {
    return new NumberMemory(open.generation(), open.seen().czxid(), counterCzxid, allocated.last());
  }

  /** The contradiction between an answer and what is remembered; empty if there is none. */
  Optional<String> contradiction(OpenNumbers open, long answeredCzxid, NumberRange allocated) {
    if (open.generation() < generation) {
      return Optional.of("generation " + open.generation() + " after generation " + generation);
    }
    if (allocated.first() <= highest) {
      return Optional.of("number " + allocated.first() + " after number " + highest);
    }
    if (open.generation() == generation
        && (open.seen().czxid() != recordCzxid || answeredCzxid != counterCzxid)) {
      return Optional.of("another node in generation " + generation + ", which was deleted and"
          + " created again; this process has number " + highest);
    }
    return Optional.empty();
  }
}
