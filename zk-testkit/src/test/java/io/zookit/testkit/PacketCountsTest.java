package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.internal.proxy.Tally;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PacketCountsTest {

  @Test
  void total_pingsAndConnects_areNotInIt() {
    PacketCounts counts = new PacketCounts(
        Map.of(Op.PING, 7L, Op.CONNECT, 1L, Op.CREATE2, 2L, Op.OTHER, 3L), 0, 0, 0);
    assertThat(counts.total()).isEqualTo(5);
    assertThat(counts.requests(Op.ANY)).isEqualTo(5);
    assertThat(counts.requests(Op.PING)).isEqualTo(7);
    assertThat(counts.requests(Op.DELETE)).isZero();
  }

  @Test
  void minus_earlier_isWhatCameSince() {
    PacketCounts earlier = new PacketCounts(Map.of(Op.CREATE2, 2L, Op.SYNC, 1L), 10, 20, 1);
    PacketCounts later = new PacketCounts(Map.of(Op.CREATE2, 5L, Op.SYNC, 1L), 110, 220, 4);
    assertThat(later.minus(earlier))
        .isEqualTo(new PacketCounts(Map.of(Op.CREATE2, 3L), 100, 200, 3));
    assertThat(later.minus(PacketCounts.NONE)).isEqualTo(later);
  }

  @Test
  void toString_some_readsInTheOrderOfKinds() {
    assertThat(new PacketCounts(Map.of(Op.DELETE, 2L, Op.CREATE, 1L), 30, 40, 5))
        .hasToString("3 requests (CREATE 1, DELETE 2), 5 watch events, 30 bytes up, 40 down");
    assertThat(PacketCounts.NONE).hasToString("0 requests (), 0 watch events, 0 bytes up, 0 down");
  }

  @Test
  void ofCode_unknown_isOther() {
    assertThat(Op.ofCode(15)).isEqualTo(Op.CREATE2);
    assertThat(Op.ofCode(-11)).isEqualTo(Op.CLOSE_SESSION);
    assertThat(Op.ofCode(9_999)).isEqualTo(Op.OTHER);
  }

  @Test
  void tally_moreRequestsThanListed_listsTheLast() {
    Tally tally = new Tally();
    tally.request(Op.CREATE);
    for (int i = 0; i < 1 << 16; i++) {
      tally.request(Op.DELETE);
      tally.request(Op.PING);
    }
    assertThat(tally.order()).hasSize(1 << 16).containsOnly(Op.DELETE);
    assertThat(tally.counts().requests(Op.CREATE)).isEqualTo(1);
  }
}
