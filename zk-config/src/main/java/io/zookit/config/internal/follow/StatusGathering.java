package io.zookit.config.internal.follow;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.request.Scope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what the stores of a client have to report, so that several releases of a namespace, and several namespaces, are one
 * write.
 *
 * <p>What a caller may be waiting for is written within {@value #PROMPT_MILLIS} ms, with everything that is gathered by then;
 * anything else {@value #GATHER_MILLIS} to {@value #LATEST_MILLIS} ms after the first of it. The moment is random, so that
 * many clients do not write at once.
 *
 * <p><i>Threads:</i> the loop.
 */
final class StatusGathering {

  static final int PROMPT_MILLIS = 200;
  static final int GATHER_MILLIS = 4_000;
  static final int LATEST_MILLIS = 8_000;

  /** Something that has a status to report. */
  interface StatusSource {

    /** Adds the node to be written, if it is another status than the last one, or creates the node. */
    void collect(Map<OwnedNode, byte[]> updates);
  }

  private final Scope scope;
  private final Consumer<Map<OwnedNode, byte[]>> write;
  private final Set<StatusSource> due = new LinkedHashSet<>();
  private @Nullable Subscription timer;
  private boolean prompt;

  /**
   * Creates a gathering without anything to report.
   *
   * @param write writes nodes, in one request if that is possible
   */
  StatusGathering(SerialLane loop, Timekeeper timekeeper, Consumer<Map<OwnedNode, byte[]>> write) {
    this.scope = Scope.root(loop, timekeeper);
    this.write = write;
  }

  /**
   * Has a status reported.
   *
   * @param awaited whether a caller may be waiting for it
   */
  void add(StatusSource source, boolean awaited) {
    due.add(source);
    if (timer != null && (prompt || !awaited)) {
      return;
    }
    if (timer != null) {
      timer.close();
    }
    prompt = awaited;
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int millis = awaited
        ? random.nextInt(PROMPT_MILLIS + 1)
        : GATHER_MILLIS + random.nextInt(LATEST_MILLIS - GATHER_MILLIS + 1);
    timer = scope.after(Duration.ofMillis(millis), this::report);
  }

  private void report() {
    timer = null;
    Map<OwnedNode, byte[]> updates = new LinkedHashMap<>();
    due.forEach(source -> source.collect(updates));
    due.clear();
    write.accept(updates);
  }

  void close() {
    due.clear();
    scope.close();
  }
}
