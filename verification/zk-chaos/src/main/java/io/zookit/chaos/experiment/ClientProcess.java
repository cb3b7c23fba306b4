package io.zookit.chaos.experiment;

import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ChildJvmBuilder;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * A client of the experiment: one process after the other, behind proxies of its own, one for each server.
 *
 * <p><i>Threads:</i> the one that causes faults; freezing and thawing, any.
 */
public final class ClientProcess implements AutoCloseable {

  /** The line that asks a process to end in its own time. */
  public static final String STOP = "stop";

  private final String name;
  private final BiFunction<String, String, ChildJvmBuilder> maker;
  private final List<FaultProxy> proxies = new ArrayList<>();
  private int lives;
  private volatile ChildJvm child;

  /**
   * Starts the first process.
   *
   * @param maker makes the process from the name of this life and a connect string
   */
  public ClientProcess(
      String name, ZkProcesses servers, BiFunction<String, String, ChildJvmBuilder> maker) {
    this.name = name;
    this.maker = maker;
    for (int server = 0; server < servers.size(); server++) {
      proxies.add(FaultProxy.to(servers.connectString(server)));
    }
    this.child = live();
  }

  private ChildJvm live() {
    String addresses =
        proxies.stream().map(FaultProxy::connectString).collect(Collectors.joining(","));
    return maker.apply(name + "." + ++lives, addresses).start();
  }

  /** The name of the present life; each process has its own. */
  public String life() {
    return name + "." + lives;
  }

  public ChildJvm child() {
    return child;
  }

  /** Kills the process (SIGKILL) and starts another. */
  public void replace() {
    child.close();
    child = live();
  }

  /** Nothing passes between it and any server. */
  public void isolate() {
    proxies.forEach(FaultProxy::blackHole);
  }

  /** Closes its connections. */
  public int cut() {
    return proxies.stream().mapToInt(FaultProxy::cut).sum();
  }

  public void heal() {
    proxies.forEach(FaultProxy::heal);
  }

  /**
   * Cuts its connection right before or after the next request of a kind; false when none came in time.
   *
   * @param provoke makes such requests, once the fault waits for them
   */
  public boolean cutAt(Op op, boolean before, Runnable provoke, Duration atMost)
      throws InterruptedException {
    List<Fault> faults = proxies.stream()
        .map(proxy -> before ? proxy.cutBefore(op, 1) : proxy.cutAfter(op, 1))
        .toList();
    provoke.run();
    boolean landed = Stopwatch.await(atMost, () -> faults.stream().anyMatch(Fault::landed));
    faults.forEach(Fault::disarm);
    return landed;
  }

  /** Asks the process to end and kills it when it has not in time. */
  public void finish(Duration atMost) throws InterruptedException {
    if (child.isAlive()) {
      child.send(STOP);
      child.awaitExit(atMost);
    }
  }

  @Override
  public void close() {
    child.close();
    proxies.forEach(FaultProxy::close);
  }

  @Override
  public String toString() {
    return name;
  }
}
