package io.zookit.chaos.ownership;

import io.zookit.chaos.experiment.EventLog;
import io.zookit.core.FencingToken;
import io.zookit.core.Timekeeper;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.MemoryFence;
import io.zookit.core.fence.StaleTokenException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resource of the partitions: a store that takes writes of the newest token only, and the judge of what it is sent. It
 * keeps the order of the tokens itself, in addition to the fence that it queries.
 *
 * <pre>
 *   WRITE &lt;life&gt; &lt;partition&gt; &lt;token&gt; &lt;nanos&gt; &lt;valid&gt;   →  OK|STALE
 *   CONTROL &lt;life&gt; &lt;partition&gt;                      →  OK
 * </pre>
 *
 * <p>{@code nanos} is the machine's monotonic clock, which all its processes share, before the writer asked if it is valid.
 *
 * <p>Thread-safe.
 */
final class PartitionStore implements AutoCloseable {

  static final String OK = "OK";
  static final String STALE = "STALE";

  private static final Logger log = LoggerFactory.getLogger(PartitionStore.class);

  /** Owners of a control that write in turn within this time own a partition at the same time. */
  private static final long AT_ONCE_NANOS = 1_000_000_000L;

  private static final int TURNS = 4;

  /**
   * A first write of a newer claim.
   *
   * @param from the process that owned the partition before; empty for the first one
   * @param atNanos on the monotonic clock
   */
  record OwnerChange(int partition, String from, String to, long atNanos) {}

  /** A partition as its writes show it. */
  private static final class WrittenPartition {
    @Nullable
    FencingToken newest;

    String owner = "";
    long ownedSince;
    long written;

    String against(String life, int partition, FencingToken token) {
      return life + " writes partition " + partition + " with " + token + ", the newest is "
          + newest + " of " + owner;
    }
  }

  /** The writers of a partition in turn, without a fence. */
  private record ControlWrite(String life, long atNanos) {}

  private final ServerSocket listener;
  private final MemoryFence fence = new MemoryFence();
  private final List<WrittenPartition> partitions = new ArrayList<>();
  private final Map<Integer, List<ControlWrite>> controls = new TreeMap<>();
  private final List<OwnerChange> changes = new ArrayList<>();
  private final EventLog events = new EventLog();
  private long accepted;
  private long refused;
  private long believed;
  private long controlTwice;

  private PartitionStore(ServerSocket listener, int count) {
    this.listener = listener;
    for (int p = 0; p < count; p++) {
      partitions.add(new WrittenPartition());
    }
  }

  static PartitionStore start(int partitions) throws IOException {
    PartitionStore store =
        new PartitionStore(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), partitions);
    daemon("partition-store", store::accept);
    return store;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The violations, each after the changes of owners before it. */
  EventLog events() {
    return events;
  }

  /** Returns the number of accepted writes. */
  synchronized long accepted() {
    return accepted;
  }

  /** Returns the number of refused writes, each of which a store without a fence accepts. */
  synchronized long refused() {
    return refused;
  }

  /** Returns the number of writers that were valid in their own eyes after a newer owner had written. */
  synchronized long believed() {
    return believed;
  }

  /** Returns the number of writes of the control by two owners at once. */
  synchronized long controlTwice() {
    return controlTwice;
  }

  /** Returns the partitions without an accepted write since a moment of the monotonic clock. */
  synchronized List<Integer> unwrittenSince(long nanos) {
    List<Integer> unwritten = new ArrayList<>();
    for (int p = 0; p < partitions.size(); p++) {
      WrittenPartition each = partitions.get(p);
      if (each.newest == null || each.written - nanos <= 0) {
        unwritten.add(p);
      }
    }
    return unwritten;
  }

  /** Returns how many partitions each process owns by the newest tokens. */
  synchronized Map<String, Integer> loads() {
    Map<String, Integer> loads = new TreeMap<>();
    partitions.forEach(each -> loads.merge(each.owner, 1, Integer::sum));
    loads.remove("");
    return loads;
  }

  /** Returns the changes of owners since a moment of the monotonic clock. */
  synchronized List<OwnerChange> changesSince(long nanos) {
    return changes.stream().filter(change -> change.atNanos - nanos > 0).toList();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        daemon("partition-client", () -> serve(client));
      } catch (IOException e) {
        log.debug("no more clients", e);
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        BufferedReader in = new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      OutputStream out = client.getOutputStream();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.write((answer(line.split(" ", -1)) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException e) {
      log.debug("a client has gone", e);
    }
  }

  private String answer(String... words) {
    int partition = Integer.parseInt(words[2]);
    if (words[0].equals("CONTROL")) {
      control(words[1], partition, Timekeeper.system().nanos());
      return OK;
    }
    FencingToken token = FencingToken.parse(words[3]);
    boolean valid = Boolean.parseBoolean(words[5]);
    return write(words[1], partition, token, Long.parseLong(words[4]), valid) ? OK : STALE;
  }

  /**
   * Writes to a partition.
   *
   * @param asked when the writer asked if it is valid
   * @param valid what it found
   * @return whether it was accepted
   */
  synchronized boolean write(
      String life, int partition, FencingToken token, long asked, boolean valid) {
    WrittenPartition each = partitions.get(partition);
    FencingToken newest = each.newest;
    boolean stale = newest != null && newest.isAfter(token);
    boolean admitted = admits(partition, token);
    if (admitted == stale) {
      events.find(each.against(life, partition, token) + (admitted ? ": accepted" : ": refused"));
    }
    if (!admitted) {
      refused++;
      if (valid && stale && asked - each.ownedSince > 0) {
        believed++;
        events.add("believed", life, each.against(life, partition, token) + ", and it was valid");
      }
      return false;
    }
    long now = Timekeeper.system().nanos();
    if (newest == null || token.isAfter(newest)) {
      changes.add(new OwnerChange(partition, each.owner, life, now));
      events.add("owner", life, each.against(life, partition, token));
      each.newest = token;
      each.owner = life;
      each.ownedSince = now;
    } else if (!life.equals(each.owner)) {
      events.find(each.against(life, partition, token) + ": two processes with one token");
    }
    each.written = now;
    accepted++;
    return true;
  }

  private boolean admits(int partition, FencingToken token) {
    try {
      fence.admit("p" + partition, token, FenceMode.EXCLUSIVE);
      return true;
    } catch (StaleTokenException e) {
      return false;
    }
  }

  /** Accepts a write of the control: two processes that write in turn, twice each in a second, are owners at the same time. */
  synchronized void control(String life, int partition, long now) {
    List<ControlWrite> turns = controls.computeIfAbsent(partition, p -> new ArrayList<>());
    if (!turns.isEmpty() && turns.get(turns.size() - 1).life.equals(life)) {
      return;
    }
    turns.add(new ControlWrite(life, now));
    if (turns.size() > TURNS) {
      turns.remove(0);
    }
    if (turns.size() == TURNS
        && turns.stream().map(ControlWrite::life).distinct().count() == 2
        && now - turns.get(0).atNanos < AT_ONCE_NANOS) {
      controlTwice++;
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
