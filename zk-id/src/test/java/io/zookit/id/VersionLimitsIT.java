package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.util.HashSet;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions of nodes near the end of 31 bits, set in the server. */
@Tag("full")
class VersionLimitsIT {

  private static final IdLayout FEW = IdLayout.of(41, 2, 12);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final IdWorld world = new IdWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");

  private static Sequence sequence(ZkClient client) {
    return Sequence.named("invoice", client).timeout(IdWorld.LONG);
  }

  private void setVersion(String node, int version) {
    zooKeeper.server().setVersion(world.path(node), version);
  }

  /** The versions 2^31 − 3 and 2^31 − 2, and the limit of the counters. */
  @ParameterizedTest
  @ValueSource(ints = {(1 << 30) - 2, Integer.MAX_VALUE - 2, Integer.MAX_VALUE - 1})
  void next_counterNearTheLastVersion_increasesAndIsReplaced(int version) throws Exception {
    Sequence mine = sequence(one).createFrom(1);
    assertThat(mine.next()).isEqualTo(1);
    setVersion("invoice/~n", version);
    Set<Long> numbers = new HashSet<>();
    long before = 1;
    for (int i = 0; i < 10; i++) {
      long number = mine.next();
      assertThat(number).isGreaterThan(before);
      assertThat(numbers.add(number)).isTrue();
      before = number;
    }

    assertThat(sequence(world.client("fresh")).next()).isEqualTo(before + 1);
    assertThat(IdInspector.in(one).show("invoice").generation()).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, -3, -2, -1})
  void next_counterBehindTheLastVersion_blocksTheName(int version) throws Exception {
    Sequence mine = sequence(one).createFrom(1);
    assertThat(mine.next()).isEqualTo(1);
    setVersion("invoice/~n", version);

    assertThatThrownBy(mine::next).isInstanceOf(IdBlockedException.class);
    assertThatThrownBy(() -> sequence(world.client("fresh")).next())
        .isInstanceOf(IdBlockedException.class);
  }

  @Test
  void next_marksWornOut_areNotClaimed() throws Exception {
    world
        .keep(Snowflake.named("orders", one).layout(FEW).timeout(IdWorld.LONG).build())
        .next();
    ZkClient two = world.client("two");
    for (int slot = 0; slot < FEW.slots(); slot++) {
      int version = slot == 3 ? (1 << 30) - 2 : Integer.MAX_VALUE - 1 - slot;
      setVersion("orders/~w/" + slot, version);
    }
    one.close();

    Snowflake last = world.keep(
        Snowflake.named("orders", two).layout(FEW).timeout(IdWorld.LONG).build());

    assertThat(FEW.slotOf(last.next())).isEqualTo(3);
  }

  /** The control: what is compared and set at version −1 overwrites blind. */
  @Test
  void setData_atVersionMinus1_losesAWrite() throws Exception {
    world.operate(admin -> {
      String path = "/control" + System.nanoTime();
      admin.create(path, new byte[] {0}, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      zooKeeper.server().setVersion(path, -1);
      int read = version(admin, path);

      admin.setData(path, new byte[] {1}, read);
      admin.setData(path, new byte[] {2}, read);

      assertThat(read).isEqualTo(-1);
      assertThat(admin.getData(path, false, null)).containsExactly(2);
    });
  }

  private static int version(ZooKeeper admin, String path) throws Exception {
    Stat stat = admin.exists(path, false);
    return stat.getVersion();
  }
}
