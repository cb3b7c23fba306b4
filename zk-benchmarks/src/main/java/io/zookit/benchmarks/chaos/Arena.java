package io.zookit.benchmarks.chaos;

import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ChildJvmBuilder;
import io.zookit.testkit.RecordedHistory;
import io.zookit.testkit.ZkProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Three servers, clients that increment a counter under a lock, and the counter. */
final class Arena implements AutoCloseable {

  static final Duration SESSION = Duration.ofSeconds(2);

  /** The servers' tick of 500 ms: a session lives up to two ticks longer than it must. */
  static final Duration TWO_TICKS = Duration.ofSeconds(1);

  private static final int SERVERS = 3;

  private final ZkProcesses servers;
  private final CounterService counter;
  private final RecordedHistory history = new RecordedHistory();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicLong believed = new AtomicLong();
  private final List<Member> members = new ArrayList<>();

  private Arena(ZkProcesses servers, CounterService counter) {
    this.servers = servers;
    this.counter = counter;
  }

  static Arena open(Path logs, int clients) throws IOException {
    Arena arena = new Arena(
        ZkProcesses.servers(SERVERS).logs(logs.resolve("servers")).start(), CounterService.start());
    for (int i = 1; i <= clients; i++) {
      arena.members.add(new Member(
          "client-" + i, arena.servers, (life, addresses) -> arena.worker(logs, life, addresses)));
    }
    return arena;
  }

  private ChildJvmBuilder worker(Path logs, String life, String addresses) {
    return ChildJvm.of(CounterWorker.class)
        .jvmOptions("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .args(life, addresses, String.valueOf(counter.port()), String.valueOf(SESSION.toMillis()))
        .log(logs.resolve(life + ".log"))
        .onLine(this::heard);
  }

  private void heard(String line) {
    if (history.add(line)) {
      return;
    }
    if (line.startsWith(CounterWorker.PAUSED)) {
      pauses.incrementAndGet();
    } else if (line.startsWith(CounterWorker.BELIEVED)) {
      pauses.incrementAndGet();
      String length = line.substring(CounterWorker.BELIEVED.length());
      // Within two ticks of its end the session may still have been there, and was then right.
      if (Duration.parse(length).compareTo(SESSION.plus(TWO_TICKS)) > 0) {
        believed.incrementAndGet();
      }
    }
  }

  ZkProcesses servers() {
    return servers;
  }

  CounterService counter() {
    return counter;
  }

  RecordedHistory history() {
    return history;
  }

  /** How many processes have found that they stood still inside the section for longer than the session. */
  long pauses() {
    return pauses.get();
  }

  /** How many of them still took their lease for valid. */
  long believed() {
    return believed.get();
  }

  Member any(Random random) {
    return members.get(random.nextInt(members.size()));
  }

  Member ofLife(String life) {
    return members.stream()
        .filter(member -> member.life().equals(life))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(life + " is no process of this experiment"));
  }

  /** Everything works again, and the clients end in their own time. */
  void finish() throws InterruptedException {
    counter.disarm();
    members.forEach(Member::heal);
    servers.heal();
    for (Member member : members) {
      member.finish(Duration.ofSeconds(20));
    }
  }

  @Override
  public void close() {
    members.forEach(Member::close);
    counter.close();
    servers.close();
  }
}
