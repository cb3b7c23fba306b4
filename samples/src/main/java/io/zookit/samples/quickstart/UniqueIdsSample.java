package io.zookit.samples.quickstart;

import io.zookit.core.ZkClient;
import io.zookit.id.IdLayout;
import io.zookit.id.Sequence;
import io.zookit.id.Snowflake;
import io.zookit.testkit.ZkServer;
import java.util.HashSet;
import java.util.Set;

/** Takes ids and order numbers in two processes at once: no two of them are equal. */
public final class UniqueIdsSample {

  private static final int EACH = 10_000;

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null) {
      String servers = server == null ? args[0] : server.connectString();
      try (ZkClient one = ZkClient.connect(servers);
          ZkClient two = ZkClient.connect(servers)) {
        takeIds(one, two);
        takeNumbers(one, two);
      }
    }
  }

  /** Ids out of the memory of each process; its number is leased in ZooKeeper. */
  private static void takeIds(ZkClient one, ZkClient two) throws Exception {
    IdLayout layout = IdLayout.of(41, 10, 12);
    Set<Long> ids = new HashSet<>();
    try (Snowflake first = Snowflake.named("sample-ids", one).layout(layout).build();
        Snowflake second = Snowflake.named("sample-ids", two).layout(layout).build()) {
      for (int i = 0; i < EACH; i++) {
        ids.add(first.next());
        ids.add(second.next());
      }
      long a = first.next();
      long b = second.next();
      System.out.println("process 1 has slot " + layout.slotOf(a) + ", process 2 slot "
          + layout.slotOf(b) + "; an id of each: " + a + ", " + b);
    }
    System.out.println(2 * EACH + " ids taken without a request, " + ids.size() + " distinct");
    if (ids.size() != 2 * EACH) {
      throw new IllegalStateException("an id was returned twice");
    }
  }

  /** Numbers without gaps of their own, each one write to ZooKeeper. */
  private static void takeNumbers(ZkClient one, ZkClient two) throws Exception {
    Sequence first = Sequence.named("sample-orders", one).createFrom(1);
    Sequence second = Sequence.named("sample-orders", two);
    long a = first.next();
    long b = second.next();
    long c = first.next();
    System.out.println("order numbers, taken in turns: " + a + ", " + b + ", " + c);
    if (b <= a || c <= b) {
      throw new IllegalStateException("numbers do not rise");
    }
  }
}
