package io.zookit.group;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A member whose handlers wait until they are interrupted, and which notes what runs. */
final class GroupUser implements AutoCloseable {

  final Membership membership;
  final Ownership ownership;
  final Map<Integer, Partition> running = new ConcurrentHashMap<>();
  final Map<Integer, FencingToken> tokens = new ConcurrentHashMap<>();
  final AtomicInteger interrupted = new AtomicInteger();

  private GroupUser(Membership membership, int partitions, Handover handover)
      throws InterruptedException {
    this.membership = membership;
    this.ownership = membership.own(Partitions.of(partitions), this::run, handover);
  }

  static GroupUser join(ZkClient client, String id, int partitions) throws InterruptedException {
    return join(client, Member.id(id), partitions);
  }

  static GroupUser join(ZkClient client, Member member, int partitions)
      throws InterruptedException {
    Membership membership = Group.named("g", client).join(member);
    return new GroupUser(membership, partitions, Handover.drain(Duration.ofSeconds(10)));
  }

  private void run(Partition partition) throws InterruptedException {
    tokens.put(partition.index(), partition.token());
    running.put(partition.index(), partition);
    try {
      new CountDownLatch(1).await();
    } finally {
      interrupted.incrementAndGet();
      running.remove(partition.index(), partition);
    }
  }

  /** The token of the last claim of a partition. */
  FencingToken token(int partition) {
    return Objects.requireNonNull(tokens.get(partition), "never owned");
  }

  /** The partitions that are valid now. */
  Set<Integer> valid() {
    Set<Integer> valid = new TreeSet<>();
    running.forEach((index, partition) -> {
      if (partition.isValid()) {
        valid.add(index);
      }
    });
    return valid;
  }

  /** Tells if members own all partitions together, none twice. */
  static boolean isCovered(int partitions, List<GroupUser> users) {
    Set<Integer> all = new TreeSet<>();
    int sum = 0;
    for (GroupUser user : users) {
      Set<Integer> valid = user.valid();
      sum += valid.size();
      all.addAll(valid);
    }
    return sum == partitions && all.size() == partitions;
  }

  @Override
  public void close() {
    membership.close();
  }
}
