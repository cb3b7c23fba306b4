package io.zookit.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of {@link ZkProcesses}. Not thread-safe; may be used for several ensembles. */
public final class ZkProcessesBuilder {

  final int size;
  final Map<String, String> zooCfg = new LinkedHashMap<>();
  final List<String> jvmOptions = new ArrayList<>();
  final List<Path> zooKeeperJars = new ArrayList<>();
  final Map<Integer, Path> data = new LinkedHashMap<>();
  Optional<Path> logs = Optional.empty();
  int observers;

  ZkProcessesBuilder(int size) {
    this.size = size;
  }

  /** A line of every server's {@code zoo.cfg}: {@code forceSync}, {@code authProvider.1}, ... */
  public ZkProcessesBuilder zooCfg(String key, String value) {
    zooCfg.put(key, value);
    return this;
  }

  /** Options of every server's virtual machine, after those of the kit. */
  public ZkProcessesBuilder jvmOptions(String... more) {
    jvmOptions.addAll(List.of(more));
    return this;
  }

  /**
   * Another version of ZooKeeper for the servers: its jars {@code zookeeper} and {@code zookeeper-jute}, which take the
   * place of those this JVM runs with. Default: the same version.
   */
  public ZkProcessesBuilder zooKeeperJars(Path... jars) {
    zooKeeperJars.addAll(List.of(jars));
    return this;
  }

  /**
   * Sets the number of servers, the last ones, that do not vote: clients may connect to them, but no quorum needs them. At least
   * two must vote. Default: none.
   */
  public ZkProcessesBuilder observers(int servers) {
    observers = servers;
    return this;
  }

  /**
   * The folder for the data of one server, on a disk of its own perhaps; it is made, and stays when the ensemble is closed.
   * Default: a temporary one that {@code close} deletes.
   *
   * @param server its number, from 0
   */
  public ZkProcessesBuilder data(int server, Path folder) {
    if (server < 0 || server >= size) {
      throw new IllegalArgumentException(
          "server: " + server + " (expected: 0 to " + (size - 1) + ")");
    }
    data.put(server, folder.toAbsolutePath());
    return this;
  }

  /** The folder for the servers' logs, which are kept there. Default: a temporary one that {@code close} deletes. */
  public ZkProcessesBuilder logs(Path folder) {
    logs = Optional.of(folder);
    return this;
  }

  /**
   * Starts the servers and waits until one leads and all others follow.
   *
   * @throws IllegalStateException if that has not happened within three minutes; the text shows the ends of the logs
   */
  public ZkProcesses start() {
    return ZkProcesses.start(this);
  }
}
