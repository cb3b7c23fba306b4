package io.zookit.chaos;

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
final class Ground implements AutoCloseable {

  static final Duration SESSION = Duration.ofSeconds(2);

  /** The servers' tick of 500 ms: a session lives up to two ticks longer than it must. */
  static final Duration TWO_TICKS = Duration.ofSeconds(1);

  /** Maximum time to wait for a first connection. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The root of all clients. */
  static final String ROOT = "/chaos";

  private static final int SERVERS = 3;
  private static final Duration LEAVE_TAKING = Duration.ofSeconds(20);

  private final Path logs;
  private final ZkProcesses servers;
  private final Duration session;
  private final List<Member> members = new CopyOnWriteArrayList<>();

  private Ground(Path logs, ZkProcesses servers, Duration session) {
    this.logs = logs;
    this.servers = servers;
    this.session = session;
  }

  static Ground open(Path logs) {
    return open(logs, servers -> {});
  }

  /**
   * The same with settings of the servers.
   *
   * @param settings adds to what is set
   */
  static Ground open(Path logs, Consumer<ZkProcessesBuilder> settings) {
    return open(logs, SESSION, settings);
  }

  /**
   * The same with another session timeout.
   *
   * @param session that clients ask for
   */
  static Ground open(Path logs, Duration session, Consumer<ZkProcessesBuilder> settings) {
    ZkProcessesBuilder servers = ZkProcesses.servers(SERVERS).logs(logs.resolve("servers"));
    settings.accept(servers);
    return new Ground(logs, servers.start(), session);
  }

  /** A client of the experiment itself; nothing stands between it and the servers. */
  ZkClient observer() {
    return ZkClient.builder(servers.connectString())
        .root(ROOT)
        .connectTimeout(PATIENCE)
        .connect();
  }

  /**
   * Starts a client.
   *
   * @param program its main class, which takes the arguments of a {@link Part}
   * @param heard receives the life and each line of its output, on a thread of that life
   * @param more further arguments of the program
   */
  Member join(String name, Class<?> program, BiConsumer<String, String> heard, String... more) {
    Member member = new Member(name, servers, (life, addresses) -> {
      Part part = new Part(life, addresses, session, List.of(more));
      return child(program, part, line -> heard.accept(life, line));
    });
    members.add(member);
    return member;
  }

  private ChildJvmBuilder child(Class<?> program, Part part, Consumer<String> heard) {
    return ChildJvm.of(program)
        .jvmOptions("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .args(part.words().toArray(new String[0]))
        .log(logs.resolve(part.life() + ".log"))
        .onLine(heard);
  }

  ZkProcesses servers() {
    return servers;
  }

  List<Member> members() {
    return members;
  }

  Member any(Random random) {
    return members.get(random.nextInt(members.size()));
  }

  Member ofLife(String life) {
    return find(life)
        .orElseThrow(() -> new IllegalStateException(life + " is no process of this experiment"));
  }

  /** The client whose present life this is; empty when it has another by now. */
  Optional<Member> find(String life) {
    return members.stream().filter(member -> member.life().equals(life)).findFirst();
  }

  /** Everything works again. */
  void heal() {
    members.forEach(Member::heal);
    servers.heal();
  }

  /** Everything works again, and the clients end in their own time. */
  void finish() throws InterruptedException {
    heal();
    for (Member member : members) {
      member.finish(LEAVE_TAKING);
    }
  }

  @Override
  public void close() {
    members.forEach(Member::close);
    servers.close();
  }
}
