package io.zookit.lock.inspect;

import static io.zookit.lock.inspect.LockReport.Role.HOLDER;
import static io.zookit.lock.inspect.LockReport.Role.UNCLEAR;
import static io.zookit.lock.inspect.LockReport.Role.WAITER;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueueSnapshotTest {

  private static final OwnerRecord ANA = OwnerRecord.of("ana", 7);

  private final List<QueueSnapshot.SeenNode> nodes = new ArrayList<>();
  private Optional<QueueSnapshot.SeenMaximum> maximum = Optional.empty();

  @Test
  void report_exclusiveRequests_firstHoldsAndTheOthersWait() {
    node('x', ANA);
    node('x', ANA);
    node('r', ANA);
    assertThat(roles()).containsExactly(HOLDER, WAITER, WAITER);
  }

  @Test
  void report_readersUpToTheFirstWriter_hold() {
    node('r', ANA);
    node('r', ANA);
    node('x', ANA);
    node('r', ANA);
    assertThat(roles()).containsExactly(HOLDER, HOLDER, WAITER, WAITER);
  }

  @Test
  void report_readersBehindADowngradedWriter_hold() {
    node('x', ANA.toDowngraded());
    node('r', ANA);
    node('x', ANA);
    assertThat(roles()).containsExactly(HOLDER, HOLDER, WAITER);
  }

  @Test
  void report_permitsThatFit_hold() {
    maximum(4, 1);
    permits(3, ANA);
    permits(1, ANA);
    permits(1, ANA);
    assertThat(roles()).containsExactly(HOLDER, HOLDER, WAITER);
    assertThat(report().permits()).contains(new LockReport.Permits(4, 4, 0));
  }

  @Test
  void report_bigRequestWaiting_thoseBehindItWaitToo() {
    maximum(4, 1);
    permits(3, ANA);
    permits(2, ANA);
    permits(1, ANA);
    assertThat(roles()).containsExactly(HOLDER, WAITER, WAITER);
  }

  @Test
  void report_maximumShrankUnderGrantedOnes_countsTheOverCommit() {
    permits(2, ANA);
    permits(2, ANA);
    permits(1, ANA.toGranted());
    maximum(3, 100);
    assertThat(roles()).containsExactly(HOLDER, HOLDER, HOLDER);
    assertThat(report().permits())
        .hasValueSatisfying(permits -> assertThat(permits.overCommit()).isEqualTo(2));
  }

  @Test
  void report_maximumShrankUnderSomebodyWhoNeverWaited_isUnclear() {
    permits(2, ANA);
    permits(2, ANA);
    maximum(3, 100);
    nodeAt(200, 'p', 1, ANA);
    assertThat(roles()).containsExactly(HOLDER, UNCLEAR, WAITER);
    assertThat(report().permits()).contains(new LockReport.Permits(3, 2, 2));
  }

  @Test
  void report_maximumShrankBelowTheFirst_itHolds() {
    permits(3, ANA);
    maximum(1, 100);
    assertThat(roles()).containsExactly(HOLDER);
    assertThat(report().permits())
        .hasValueSatisfying(permits -> assertThat(permits.overCommit()).isEqualTo(2));
  }

  @Test
  void report_maximumUnknown_permitsAreUnclear() {
    permits(1, ANA);
    assertThat(roles()).containsExactly(UNCLEAR);
    assertThat(report().permits()).isEmpty();
  }

  @Test
  void report_modeOfANewerVersion_holdsWhenFirstAndIsUnclearElsewhere() {
    node('z', null);
    node('x', ANA);
    node('z', null);
    assertThat(roles()).containsExactly(HOLDER, WAITER, UNCLEAR);
    assertThat(report().entries().get(0).owner()).isEmpty();
    assertThat(report().entries().get(0).mode()).isEqualTo(LockReport.Mode.UNKNOWN);
  }

  @Test
  void report_entry_tellsWhoSinceWhenAndWithWhichToken() {
    nodeAt(5, 'x', 1, ANA.ofParty("loader").withRevoke("maintenance"));
    LockReport.Entry entry = report().entries().get(0);
    assertThat(entry.owner()).contains(new LockReport.Owner("ana", 7, Optional.of("loader")));
    assertThat(entry.since()).isEqualTo(Instant.ofEpochMilli(5000));
    assertThat(entry.token()).isEqualTo(new FencingToken(9, 5, 0));
    assertThat(entry.revoke()).contains("maintenance");
    assertThat(entry.node()).isEqualTo("xa0-0000000000");
  }

  @Test
  void report_sequencesLeft_countFromTheLast() {
    assertThat(report().sequencesLeft()).isEqualTo(QueueEntry.SEQUENCE_LIMIT);
    node('x', ANA);
    node('x', ANA);
    assertThat(report().sequencesLeft()).isEqualTo(QueueEntry.SEQUENCE_LIMIT - 1);
  }

  private LockReport report() {
    return new QueueSnapshot("a", nodes, maximum).report(9);
  }

  private List<LockReport.Role> roles() {
    return report().entries().stream().map(LockReport.Entry::role).toList();
  }

  private void maximum(int permits, long zxid) {
    maximum = Optional.of(new QueueSnapshot.SeenMaximum(permits, zxid));
  }

  private void node(char mode, @Nullable OwnerRecord owner) {
    nodeAt(2 + nodes.size(), mode, 1, owner);
  }

  private void permits(int weight, @Nullable OwnerRecord owner) {
    nodeAt(2 + nodes.size(), 'p', weight, owner);
  }

  private void nodeAt(long czxid, char mode, int weight, @Nullable OwnerRecord owner) {
    Stat stat = new Stat();
    stat.setCzxid(czxid);
    stat.setCtime(czxid * 1000);
    String weighed = weight == 1 ? "" : "_" + Integer.toString(weight, Character.MAX_RADIX);
    String name = String.format("%sa%d%s-%010d", mode, nodes.size(), weighed, nodes.size());
    nodes.add(new QueueSnapshot.SeenNode(
        QueueEntry.parse(name).orElseThrow(), stat, Optional.ofNullable(owner)));
  }
}
