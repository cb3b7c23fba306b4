package io.zookit.testkit;

import io.zookit.testkit.internal.host.Closing;
import io.zookit.testkit.internal.host.Poll;
import io.zookit.testkit.internal.host.StderrLogs;
import io.zookit.testkit.internal.server.EnsembleConfig;
import io.zookit.testkit.internal.server.ServerMode;
import io.zookit.testkit.internal.server.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * An ensemble whose servers are processes of their own, so that they can be killed and frozen.
 *
 * <p>The servers are numbered from 0. Each keeps its ports and its data until the ensemble is closed; writes are forced
 * to the disk, as in production. {@code tickTime} is 500 ms, a follower is given up after four ticks of silence.
 *
 * <p><i>Threads:</i> all methods may be called from any thread, but two faults of one server not at the same time.
 *
 * <p><i>Cost:</i> about 100 MB of memory a server, and some seconds until there is a leader.
 */
public final class ZkProcesses implements AutoCloseable {

  private static final Pattern ZOOKEEPER_JAR =
      Pattern.compile("\\bzookeeper(-jute)?-\\d[^/]*\\.jar$");
  private static final Duration START_PATIENCE = Duration.ofMinutes(3);
  private static final List<String> JVM_OPTIONS = List.of(
      "-Xmx128m",
      "-Xss256k",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-Dzookeeper.jmx.log4j.disable=true",
      "-Dzookeeper.preAllocSize=1024");

  private final EnsembleConfig config;
  private final List<String> jvmOptions;
  private final String classPath;
  private final Path logs;
  private final AtomicReferenceArray<@Nullable ChildJvm> children;
  private final List<Integer> frozen = new CopyOnWriteArrayList<>();

  private ZkProcesses(ZkProcessesBuilder settings) {
    config = EnsembleConfig.of(settings.size, settings.observers, settings.zooCfg, settings.data);
    jvmOptions = List.copyOf(settings.jvmOptions);
    classPath = classPath(settings.zooKeeperJars);
    logs = settings.logs.orElse(config.folder(0).resolveSibling("logs")).toAbsolutePath();
    children = new AtomicReferenceArray<>(settings.size);
  }

  /** Starts one server or several with the defaults, see {@link ZkProcessesBuilder#start}. */
  public static ZkProcesses start(int servers) {
    return servers(servers).start();
  }

  /** An ensemble with settings of its own. */
  public static ZkProcessesBuilder servers(int servers) {
    return new ZkProcessesBuilder(servers);
  }

  static ZkProcesses start(ZkProcessesBuilder settings) {
    ZkProcesses ensemble = new ZkProcesses(settings);
    try {
      Files.createDirectories(ensemble.logs);
      ensemble.all().forEach(ensemble::launch);
      ensemble.requireAll();
      return ensemble;
    } catch (IOException e) {
      ensemble.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      ensemble.close();
      throw e;
    }
  }

  /** Returns the number of servers. */
  public int size() {
    return config.size();
  }

  /** Returns the connect string of all servers. */
  public String connectString() {
    return config.connectString();
  }

  /** The address of one server. */
  public String connectString(int server) {
    return config.clientPort(server).connectString();
  }

  /** The server that leads now, or is alone; empty when none does. */
  public OptionalInt leader() {
    return all().filter(i -> isRunning(i) && modeLeads(i)).findFirst();
  }

  /**
   * Waits for a leader.
   *
   * @return the server that leads; empty when there was none in time
   */
  public OptionalInt awaitLeader(Duration atMost) throws InterruptedException {
    return Poll.first(atMost, () -> leader().stream().boxed().findFirst())
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** Waits until every server that is neither down nor frozen serves clients; false when that was not in time. */
  public boolean awaitServing(Duration atMost) throws InterruptedException {
    return Poll.until(atMost, () -> all().filter(this::isRunning).allMatch(this::serves));
  }

  /** Returns whether the process of a server exists and is not frozen. */
  public boolean isRunning(int server) {
    ChildJvm child = children.get(config.requireServer(server));
    return child != null && child.isAlive() && !frozen.contains(server);
  }

  /** Kills a server (SIGKILL), frozen or not; its data stays. */
  public void kill(int server) {
    child(server).kill();
    frozen.remove((Integer) server);
  }

  /** Ends a server (SIGTERM) as an orderly restart does. */
  public void stop(int server) throws InterruptedException {
    frozen.remove((Integer) server);
    child(server).terminate(Duration.ofSeconds(10));
  }

  /** Freezes a server (SIGSTOP). */
  public void pause(int server) {
    child(server).pause();
    frozen.add(server);
  }

  /** Lets a frozen server go on (SIGCONT). */
  public void resume(int server) {
    child(server).resume();
    frozen.remove((Integer) server);
  }

  /** Starts a server with its old data, killing it first if it runs; does not wait until it serves. */
  public void restart(int server) {
    kill(server);
    launch(server);
  }

  /**
   * Deletes the data of a server that is down.
   *
   * @throws IllegalStateException if it is not down
   */
  public void wipe(int server) {
    if (child(server).isAlive()) {
      throw new IllegalStateException("server " + server + " is not down");
    }
    config.wipe(server);
  }

  /** Brings every server back that is frozen or down and waits until all serve. */
  public void heal() {
    for (int server : List.copyOf(frozen)) {
      resume(server);
    }
    all().filter(server -> !isRunning(server)).forEach(this::launch);
    requireAll();
  }

  /** The log of a server over all its lives. */
  public Path log(int server) {
    return logs.resolve("server-" + config.requireServer(server) + ".log");
  }

  /** Returns the number of sessions that expired during the life of this ensemble; a session closed by its client does not count. */
  public long expiredSessions() {
    return countLines("Expiring session");
  }

  /** Returns the number of leaders elected during the life of this ensemble. */
  public long elections() {
    return countLines("LEADING - LEADER ELECTION TOOK");
  }

  /** Kills all servers and deletes their data. */
  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      ChildJvm child = children.get(i);
      if (child != null) {
        all.add(child);
      }
    }
    all.add(config);
    Closing.all(all);
  }

  @Override
  public String toString() {
    return "ZkProcesses " + connectString();
  }

  private IntStream all() {
    return IntStream.range(0, size());
  }

  /** That of this JVM, but for ZooKeeper's own jars when others are given. */
  private static String classPath(List<Path> zooKeeperJars) {
    String own = System.getProperty("java.class.path");
    if (zooKeeperJars.isEmpty()) {
      return own;
    }
    Stream<String> others = Stream.of(own.split(File.pathSeparator))
        .filter(entry -> !ZOOKEEPER_JAR.matcher(entry).find());
    return Stream.concat(zooKeeperJars.stream().map(Path::toString), others)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void launch(int server) {
    ChildJvm started = ChildJvm.of(ServerProcess.class)
        .jvmOptions(JVM_OPTIONS.toArray(new String[0]))
        .jvmOptions(StderrLogs.options(Level.INFO))
        .jvmOptions(jvmOptions.toArray(new String[0]))
        .classPath(classPath)
        .args(config.file(server).toString())
        .directory(config.folder(server))
        .log(log(server))
        .start();
    ChildJvm old = children.getAndSet(server, started);
    if (old != null) {
      old.close();
    }
  }

  private ChildJvm child(int server) {
    ChildJvm child = children.get(config.requireServer(server));
    if (child == null) {
      throw new IllegalStateException("server " + server + " has never been started");
    }
    return child;
  }

  private boolean modeLeads(int server) {
    return ServerMode.at(config.clientPort(server).number())
        .filter(ServerMode::leads)
        .isPresent();
  }

  private boolean serves(int server) {
    return ServerMode.at(config.clientPort(server).number()).isPresent();
  }

  private void requireAll() {
    try {
      Poll.require(
          "ensemble " + connectString(),
          START_PATIENCE,
          () -> all().allMatch(i -> isRunning(i) && serves(i)));
    } catch (IllegalStateException e) {
      StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
      all()
          .forEach(i ->
              text.append("\nserver ").append(i).append(":\n").append(child(i).logTail()));
      throw new IllegalStateException(text.toString(), e);
    }
  }

  private long countLines(String wanted) {
    return all().mapToLong(i -> countLines(log(i), wanted)).sum();
  }

  private static long countLines(Path log, String wanted) {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.contains(wanted)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
