package io.zookit.testkit.internal.server;

import io.zookit.testkit.internal.host.Closing;
import io.zookit.testkit.internal.host.ReservedPort;
import io.zookit.testkit.internal.host.TempFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Folders, ports and zoo.cfg files of an ensemble on this machine.
 *
 * <pre>
 * FOLDER/server-0/zoo.cfg
 * FOLDER/server-0/data/myid
 * </pre>
 *
 * <p>The data of a server may be given a folder elsewhere.
 *
 * <p>ZooKeeper numbers its servers from 1, everything else here from 0.
 */
public final class EnsembleConfig implements AutoCloseable {

  private static final int PORTS_A_SERVER = 3;

  private static final Map<String, String> DEFAULTS = Map.of(
      "initLimit", "20",
      "syncLimit", "4",
      "admin.enableServer", "false",
      "4lw.commands.whitelist", "srvr,mntr,ruok");

  private final TempFolder folder = TempFolder.named("zk-ensemble-");
  private final List<ReservedPort> ports = new ArrayList<>();
  private final int size;
  private final int observers;
  private final Map<String, String> zooCfg;
  private final Map<Integer, Path> data;

  private EnsembleConfig(
      int size, int observers, Map<String, String> zooCfg, Map<Integer, Path> data) {
    this.size = size;
    this.observers = observers;
    this.zooCfg = zooCfg;
    this.data = Map.copyOf(data);
    for (int i = 0; i < size * PORTS_A_SERVER; i++) {
      ports.add(ReservedPort.any());
    }
    for (int i = 0; i < size; i++) {
      writeFolder(i);
    }
  }

  public static EnsembleConfig of(int size, Map<String, String> given) {
    return of(size, 0, given, Map.of());
  }

  /**
   * Returns a configuration in which the last servers are observers.
   *
   * @param data folders for the data of some servers
   */
  public static EnsembleConfig of(
      int size, int observers, Map<String, String> given, Map<Integer, Path> data) {
    if (size < 1 || size > 9) {
      throw new IllegalArgumentException("servers: " + size + " (expected: 1 to 9)");
    }
    if (observers < 0 || (observers > 0 && observers > size - 2)) {
      throw new IllegalArgumentException(
          "observers: " + observers + " (expected: 0, or so that 2 servers vote)");
    }
    Map<String, String> lines = new HashMap<>(DEFAULTS);
    lines.putAll(given);
    return new EnsembleConfig(size, observers, lines, data);
  }

  public int size() {
    return size;
  }

  public ReservedPort clientPort(int server) {
    return ports.get(requireServer(server) * PORTS_A_SERVER);
  }

  public String connectString() {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      addresses.add(clientPort(i).connectString());
    }
    return addresses.stream().collect(Collectors.joining(","));
  }

  /** The folder of one server. */
  public Path folder(int server) {
    return folder.path().resolve("server-" + requireServer(server));
  }

  public Path file(int server) {
    return folder(server).resolve("zoo.cfg");
  }

  public Path data(int server) {
    return data.getOrDefault(requireServer(server), folder(server).resolve("data"));
  }

  /** The lines of one server. */
  public Properties properties(int server) {
    Properties lines = ServerSettings.of(zooCfg).properties();
    lines.setProperty("dataDir", data(server).toString());
    lines.setProperty("clientPort", String.valueOf(clientPort(server).number()));
    lines.setProperty("clientPortAddress", "127.0.0.1");
    if (size > 1) {
      for (int i = 0; i < size; i++) {
        lines.setProperty("server." + (i + 1), quorumAddress(i) + (observes(i) ? ":observer" : ""));
      }
    }
    if (observes(server)) {
      lines.setProperty("peerType", "observer");
    }
    return lines;
  }

  /** The lines that ZooKeeper keeps as properties of the JVM it runs in. */
  public Map<String, String> systemProperties() {
    return ServerSettings.of(zooCfg).systemProperties();
  }

  /** Deletes what a server has stored, and with it what it knows of the ensemble but its number. */
  public void wipe(int server) {
    TempFolder.delete(data(server));
    writeFolder(server);
  }

  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>(ports);
    all.add(folder);
    Closing.all(all);
  }

  public int requireServer(int server) {
    if (server < 0 || server >= size) {
      throw new IllegalArgumentException(
          "server: " + server + " (expected: 0 to " + (size - 1) + ")");
    }
    return server;
  }

  private boolean observes(int server) {
    return server >= size - observers;
  }

  private String quorumAddress(int server) {
    int first = server * PORTS_A_SERVER;
    return "127.0.0.1:" + ports.get(first + 1).number() + ":"
        + ports.get(first + 2).number();
  }

  private void writeFolder(int server) {
    try {
      Files.createDirectories(folder(server));
      Files.createDirectories(data(server));
      Files.writeString(data(server).resolve("myid"), String.valueOf(server + 1));
      try (OutputStream out = Files.newOutputStream(file(server))) {
        properties(server).store(out, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for server " + server, e);
    }
  }
}
