package io.zookit.chaos.ownership;

import io.zookit.chaos.control.NaiveMember;
import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.group.Group;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.Partition;
import io.zookit.group.Partitions;
import java.time.Duration;

/**
 * A child JVM that owns partitions and writes to each of them twice a second. The control runs in a thread of its own.
 *
 * <p>It is a bad citizen on purpose: it writes with its token whether it is valid or not, so that the fence has something to
 * refuse.
 */
final class PartitionWorker {

  static final String GROUP = "chaos";

  /** Printed when the process has started. */
  static final String STARTED = "started";

  /** Partitions of the control. */
  static final int CONTROL_PARTITIONS = 8;

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private PartitionWorker() {}

  /** Arguments: those of a {@link ChildArguments}, the port of the store, and the number of partitions. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    System.out.println(STARTED);
    int port = Integer.parseInt(arguments.more().get(0));
    Partitions partitions = Partitions.of(Integer.parseInt(arguments.more().get(1)));
    try (PartitionStoreClient store = new PartitionStoreClient(arguments.life(), port);
        PartitionStoreClient naive = new PartitionStoreClient(arguments.life(), port);
        NaiveMember control = new NaiveMember(arguments, CONTROL_PARTITIONS, naive::control);
        ZkClient zk = arguments.start()) {
      work.daemon("control", control::work);
      Membership me = Group.named(GROUP, zk).join(Member.id(arguments.member()));
      own(work, me, partitions, store);
      work.awaitEnd();
      me.close();
    }
    ChildWork.end();
  }

  private static void own(
      ChildWork work, Membership me, Partitions partitions, PartitionStoreClient store)
      throws InterruptedException {
    while (work.isOn()) {
      try {
        me.own(partitions, partition -> write(partition, store), Handover.drain(DRAIN));
        return;
      } catch (ZkException e) { // not connected, or no answer
        System.out.println("does not own yet: " + e.getMessage());
      }
    }
  }

  private static void write(Partition partition, PartitionStoreClient store)
      throws InterruptedException {
    while (!partition.isRevoked()) {
      long asked = Timekeeper.system().nanos();
      boolean valid = partition.isValid();
      store.write(partition.index(), partition.token(), asked, valid);
      Stopwatch.pause(PERIOD);
    }
  }
}
