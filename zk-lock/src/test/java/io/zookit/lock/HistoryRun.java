package io.zookit.lock;

import io.zookit.core.fence.MemoryFence;
import io.zookit.testkit.RecordedHistory;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The shared state of the workers of a recorded history. */
final class HistoryRun {

  static final String MUTEX = "mutex";
  static final String REENTRANT = "reentrant";
  static final String PERMITS = "permits";
  static final String READ_WRITE = "readwrite";
  static final String COUNTER = "counter";
  static final String CONTROL = "control";
  static final int MAXIMUM = 4;
  static final int WORKERS = 12;

  private final long seed;
  private final RecordedHistory history = new RecordedHistory();
  private final MemoryFence fence = new MemoryFence();
  private final AtomicLong counter = new AtomicLong();
  private final AtomicLong control = new AtomicLong();
  private final AtomicInteger mutexLeft = new AtomicInteger();
  private final AtomicInteger standing = new AtomicInteger();
  private final PermitHistory mutex = new PermitHistory(1);
  private final PermitHistory reentrant = new PermitHistory(1);
  private final PermitHistory permits = new PermitHistory(MAXIMUM);
  private final PermitHistory readWrite = new PermitHistory(WORKERS);
  private final Interrupts interrupts = new Interrupts();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final BlockingQueue<String> broken = new LinkedBlockingQueue<>();

  HistoryRun(long seed) {
    this.seed = seed;
  }

  long seed() {
    return seed;
  }

  RecordedHistory history() {
    return history;
  }

  MemoryFence fence() {
    return fence;
  }

  /** Behind the fence. */
  AtomicLong counter() {
    return counter;
  }

  /** Behind nothing but the lock: loses updates when a stale holder writes. */
  AtomicLong control() {
    return control;
  }

  /** The number of times that a worker has left the mutex. */
  AtomicInteger mutexLeft() {
    return mutexLeft;
  }

  /** The number of workers that pause inside the mutex, or are about to. */
  AtomicInteger standing() {
    return standing;
  }

  PermitHistory mutex() {
    return mutex;
  }

  PermitHistory reentrant() {
    return reentrant;
  }

  PermitHistory permits() {
    return permits;
  }

  PermitHistory readWrite() {
    return readWrite;
  }

  Interrupts interrupts() {
    return interrupts;
  }

  synchronized void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  synchronized int counted(String what) {
    return counts.getOrDefault(what, 0);
  }

  void require(boolean held, String otherwise) {
    if (!held) {
      broken.add(otherwise);
    }
  }

  /** The violations that were found during the run. */
  BlockingQueue<String> broken() {
    return broken;
  }

  @Override
  public synchronized String toString() {
    return "zookit.seed=" + seed + " " + counts;
  }
}
