package io.zookit.scheduler;

import io.zookit.core.FencingToken;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.MemoryFence;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Nodes as processes, their reports, and the store that all of them write to: it has a fence, so a run that continues
 * after its claim was lost can do no harm there.
 */
final class ProcessNodes implements AutoCloseable {

  private static final Duration LONG = Duration.ofSeconds(60);

  /** A line of a child: it began the run of a slot, or wrote its result. */
  record Told(String who, String what, Instant slot, FencingToken token) {}

  private final String connect;
  private final Duration session;
  private final Map<String, ChildJvm> children = new ConcurrentSkipListMap<>();
  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private final Queue<String> ends = new ConcurrentLinkedQueue<>();
  private final MemoryFence fence = new MemoryFence();
  private final Queue<Told> accepted = new ConcurrentLinkedQueue<>();
  private final Queue<Told> refused = new ConcurrentLinkedQueue<>();
  private final Map<String, Told> last = new ConcurrentHashMap<>();
  private final AtomicInteger names = new AtomicInteger();

  ProcessNodes(String connect) {
    this(connect, Duration.ofSeconds(4));
  }

  ProcessNodes(String connect, Duration session) {
    this.connect = connect;
    this.session = session;
  }

  /** Starts a node; its name. */
  String add() throws InterruptedException {
    return add(1).get(0);
  }

  /** Starts nodes, all at once; their names. */
  List<String> add(int count) throws InterruptedException {
    List<String> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      added.add(start());
    }
    for (String name : added) {
      child(name).awaitLine("ready"::equals, LONG);
    }
    return added;
  }

  private String start() {
    String name = "n" + names.incrementAndGet();
    ChildJvm child = ChildJvm.of(NodeChild.class)
        .args(connect, name, String.valueOf(session.toSeconds()))
        .jvmOptions("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .onLine(line -> hear(name, line))
        .start();
    children.put(name, child);
    return name;
  }

  private void hear(String who, String line) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("end")) {
      ends.add(words[1]);
    } else if (words[0].equals("begin") || words[0].equals("write")) {
      Told one = new Told(who, words[0], Instant.parse(words[1]), FencingToken.parse(words[2]));
      touch(one);
      last.put(who, one);
      told.add(one);
    }
  }

  private void touch(Told one) {
    try {
      fence.guard("report", one.token, FenceMode.EXCLUSIVE, () -> accepted.add(one));
    } catch (StaleTokenException e) {
      refused.add(one);
    }
  }

  ChildJvm child(String name) {
    ChildJvm child = children.get(name);
    if (child == null) {
      throw new IllegalArgumentException("name: " + name + " (expected: one that was added)");
    }
    return child;
  }

  /** Kills a node for good. */
  void kill(String name) {
    child(name).kill();
    children.remove(name);
  }

  List<String> names() {
    return List.copyOf(children.keySet());
  }

  /** Returns whether the last report of a node is that it began a long run. */
  boolean isInside(String name) {
    Told one = last.get(name);
    return one != null && one.what.equals("begin") && NodeChild.isLong(one.slot);
  }

  List<Told> begun() {
    return told.stream().filter(each -> each.what.equals("begin")).toList();
  }

  List<Told> told() {
    return List.copyOf(told);
  }

  /** Returns the claims whose end records were reported, each as often as it was. */
  List<String> ends() {
    return List.copyOf(ends);
  }

  List<Told> accepted() {
    return List.copyOf(accepted);
  }

  List<Told> refused() {
    return List.copyOf(refused);
  }

  @Override
  public void close() {
    children.values().forEach(ChildJvm::close);
  }
}
