package io.zookit.chaos.experiment;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ChildJvmBuilder;
import io.zookit.testkit.ZkProcesses;
import io.zookit.testkit.ZkProcessesBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Test bed of an experiment: three servers, and clients, each of which is a process behind its own proxies. */
public final class Testbed implements AutoCloseable {

  public static final Duration SESSION = Duration.ofSeconds(2);

  /** The servers' tick of 500 ms: a session lives up to two ticks longer than it must. */
  public static final Duration TWO_TICKS = Duration.ofSeconds(1);

  /** Maximum time to wait for a first connection. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The root of all clients. */
  public static final String ROOT = "/chaos";

  private static final int SERVERS = 3;
  private static final Duration LEAVE_TAKING = Duration.ofSeconds(20);

  private final Path logs;
  private final ZkProcesses servers;
  private final Duration session;
  private final List<ClientProcess> members = new CopyOnWriteArrayList<>();

  private Testbed(Path logs, ZkProcesses servers, Duration session) {
    this.logs = logs;
    this.servers = servers;
    this.session = session;
  }

  public static Testbed open(Path logs) {
    return open(logs, servers -> {});
  }

  /**
   * The same with settings of the servers.
   *
   * @param settings adds to what is set
   */
  public static Testbed open(Path logs, Consumer<ZkProcessesBuilder> settings) {
    return open(logs, SESSION, settings);
  }

  /**
   * The same with another session timeout.
   *
   * @param session that clients ask for
   */
  public static Testbed open(Path logs, Duration session, Consumer<ZkProcessesBuilder> settings) {
    ZkProcessesBuilder servers = ZkProcesses.servers(SERVERS).logs(logs.resolve("servers"));
    settings.accept(servers);
    return new Testbed(logs, servers.start(), session);
  }

  /** A client of the experiment itself; nothing stands between it and the servers. */
  public ZkClient observer() {
    return ZkClient.builder(servers.connectString())
        .root(ROOT)
        .connectTimeout(PATIENCE)
        .connect();
  }

  /**
   * Starts a client.
   *
   * @param program its main class, which takes the arguments of a {@link ChildArguments}
   * @param onLine receives the life and each line of its output, on a thread of that life
   * @param more further arguments of the program
   */
  public ClientProcess join(
      String name, Class<?> program, BiConsumer<String, String> onLine, String... more) {
    ClientProcess member = new ClientProcess(name, servers, (life, addresses) -> {
      ChildArguments arguments = new ChildArguments(life, addresses, session, List.of(more));
      return child(program, arguments, line -> onLine.accept(life, line));
    });
    members.add(member);
    return member;
  }

  private ChildJvmBuilder child(
      Class<?> program, ChildArguments arguments, Consumer<String> onLine) {
    return ChildJvm.of(program)
        .jvmOptions("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .args(arguments.words().toArray(new String[0]))
        .log(logs.resolve(arguments.life() + ".log"))
        .onLine(onLine);
  }

  public ZkProcesses servers() {
    return servers;
  }

  public List<ClientProcess> members() {
    return members;
  }

  public ClientProcess any(Random random) {
    return members.get(random.nextInt(members.size()));
  }

  public ClientProcess ofLife(String life) {
    return find(life)
        .orElseThrow(() -> new IllegalStateException(life + " is no process of this experiment"));
  }

  /** The client whose present life this is; empty when it has another by now. */
  public Optional<ClientProcess> find(String life) {
    return members.stream().filter(member -> member.life().equals(life)).findFirst();
  }

  /** Everything works again. */
  public void heal() {
    members.forEach(ClientProcess::heal);
    servers.heal();
  }

  /** Everything works again, and the clients end in their own time. */
  public void finish() throws InterruptedException {
    heal();
    for (ClientProcess member : members) {
      member.finish(LEAVE_TAKING);
    }
  }

  @Override
  public void close() {
    members.forEach(ClientProcess::close);
    servers.close();
  }
}
