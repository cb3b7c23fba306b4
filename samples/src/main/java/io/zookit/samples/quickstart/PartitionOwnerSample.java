package io.zookit.samples.quickstart;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.group.Group;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.Ownership;
import io.zookit.group.Partition;
import io.zookit.group.Partitions;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Shares eight partitions among two members: each has one owner, and those of a member that leaves move on. */
public final class PartitionOwnerSample {

  /** The beginning of a member's work on a partition. */
  private record PartitionStart(int partition, String member, FencingToken token) {}

  private final BlockingQueue<PartitionStart> taken = new LinkedBlockingQueue<>();
  private final Map<Integer, PartitionStart> owners = new TreeMap<>();

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null) {
      String servers = server == null ? args[0] : server.connectString();
      try (ZkClient one = ZkClient.connect(servers);
          ZkClient two = ZkClient.connect(servers)) {
        Group group = Group.named("sample", one);
        new PartitionOwnerSample().run(group, Group.named(group.name(), two));
      }
    }
  }

  private void run(Group one, Group two) throws Exception {
    try (Membership first = one.join(Member.id("member-1"));
        Ownership ofFirst = own(first)) {
      System.out.println("member-1 is alone: " + awaitTaken(8));
      try (Membership second = two.join(Member.id("member-2"));
          Ownership ofSecond = own(second)) {
        System.out.println("member-2 has joined: " + awaitTaken(4));
      }
      System.out.println("member-2 has left: " + awaitTaken(4));
    }
    System.out.println("each new owner had a greater token than the one before");
  }

  private Ownership own(Membership member) throws InterruptedException {
    return member.own(
        Partitions.of(8),
        partition -> work(partition, member.member().id()),
        Handover.drain(Duration.ofSeconds(10)));
  }

  /** Works on a partition until it is interrupted, because another member is to have it. */
  private void work(Partition partition, String member) throws InterruptedException {
    taken.add(new PartitionStart(partition.index(), member, partition.token()));
    new CountDownLatch(1).await();
  }

  private Map<String, Long> awaitTaken(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      PartitionStart next = taken.poll(60, TimeUnit.SECONDS);
      PartitionStart before = next == null ? null : owners.put(next.partition(), next);
      if (next == null || (before != null && next.token().compareTo(before.token()) <= 0)) {
        throw new IllegalStateException("before: " + before + ", then: " + next);
      }
    }
    Map<String, Long> counts = new TreeMap<>();
    owners.values().forEach(owner -> counts.merge(owner.member(), 1L, Long::sum));
    return counts;
  }
}
