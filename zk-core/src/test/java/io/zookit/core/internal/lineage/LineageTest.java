package io.zookit.core.internal.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.lineage.Lineage.LineageComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The comparison that tells data that go on from data that were wiped or restored. */
class LineageTest {

  private static final int SEEDS = 400;

  @Test
  void compare_copyAtThreeLiftedToEight_isStrangeWhereVersionAndCzxidAreSilent() {
    History original = new History(1).write(2); // versions 0 to 2
    original.lead(2);
    original.write(1); // 3
    History copy = original.copy();
    original.write(4); // 7
    Lineage remembered = original.read();
    copy.lead(3);
    copy.write(5); // 8

    assertThat(remembered.here().version()).isEqualTo(7);
    assertThat(copy.read().here().version()).isEqualTo(8);
    assertThat(naive(remembered, copy.read())).as("the control").isFalse();
    assertThat(reason(remembered, copy.read())).contains("an epoch from version 4 on");
  }

  @Test
  void compare_epochUsedTwice_isStrangeByTheTagOfItsBeginning() {
    History original = new History(1).write(3);
    History copy = original.copy();
    original.lead(2);
    original.write(4);
    copy.lead(2); // elected from the copy, which knows nothing of the epoch after it
    copy.write(5);

    assertThat(naive(original.read(), copy.read())).as("the control").isFalse();
    assertThat(reason(original.read(), copy.read())).contains("an epoch from version 4 on");
  }

  @Test
  void compare_copiedJustBeforeAnotherLeader_isStrangeHoweverLongItWentOn() {
    History original = new History(1).write(3);
    History copy = original.copy();
    original.lead(2);
    original.write(1);
    copy.lead(3);
    copy.write(500);
    assertThat(reason(original.read(), copy.read())).contains("an epoch from version 4 on");
  }

  @Test
  void compare_forkOfASingleServer_isStrangeByATag() {
    History original = new History(0).write(3);
    History copy = original.copy();
    original.write(4);
    copy.skip(100);
    copy.write(9);
    assertThat(naive(original.read(), copy.read())).as("the control").isFalse();
    assertThat(reason(original.read(), copy.read())).contains("another version 4");
  }

  @Test
  void compare_sameVersionOfAnotherWriter_isStrange() {
    History original = new History(1).write(3);
    History copy = original.copy();
    original.write(1);
    copy.write(1);
    assertThat(reason(original.read(), copy.read())).contains("another version 4");
  }

  @Test
  void compare_wentBack_isStrange() {
    History original = new History(1).write(3);
    Lineage before = original.read();
    assertThat(reason(original.write(1).read(), before)).contains("from version 4 to 3");
  }

  @Test
  void compare_otherDataOrAnotherNode_isStrange() {
    Lineage one = new History(1).write(3).read();
    Lineage other = new History(1).write(9).read();
    assertThat(reason(one, other)).contains("the data are others");
    Lineage again = new Lineage(
        one.id(), 1, one.czxid() + 7, one.ctime(), 0, one.here(), one.borders(), one.marks());
    assertThat(reason(one, again)).contains("created again");
  }

  @Test
  void compare_raised_isTheOperatorsWordWhateverTheData() {
    History original = new History(1).write(3);
    History copy = original.copy();
    original.write(4);
    copy.lead(5);
    copy.raise(2);
    assertThat(original.read().compare(copy.read())).isInstanceOf(LineageComparison.Raised.class);
    assertThat(copy.read().compare(original.read()))
        .isInstanceOf(LineageComparison.Mismatched.class);
  }

  @Test
  void compare_rollingRestarts_areSilent() {
    History original = new History(1).write(1);
    Lineage remembered = original.read();
    for (int restart = 0; restart < 50; restart++) {
      original.lead(restart + 2);
      original.write(restart % 3);
      assertThat(remembered.compare(original.read()))
          .isInstanceOf(LineageComparison.Continued.class);
      remembered = original.read();
    }
  }

  @Test
  void compare_awayForThreeHours_isSilent() {
    History original = new History(1).write(10);
    Lineage remembered = original.read();
    original.write(180);
    assertThat(remembered.compare(original.read())).isInstanceOf(LineageComparison.Continued.class);
    assertThat(remembered.isBeyondReachOf(original.read())).isFalse();
  }

  @Test
  void compare_awayForMoreEpochsThanAreKept_isSilentAndSaysSo() {
    History original = new History(1).write(10);
    Lineage remembered = original.read();
    for (int epoch = 2; epoch < 80; epoch++) {
      original.lead(epoch);
      original.write(2);
    }
    assertThat(remembered.compare(original.read())).isInstanceOf(LineageComparison.Continued.class);
    assertThat(remembered.isBeyondReachOf(original.read())).isTrue();
    assertThat(original.read().next("t").borders()).hasSize(LineageRecord.MOST_BORDERS);
    LineageRecord longest = original.read().next("0123456789abcdef");
    byte[] stored = LineageRecord.CODEC.encode(longest);
    assertThat(LineageRecord.CODEC.decode(stored)).isEqualTo(new Decoded.Value<>(longest, 1));
  }

  /** Whatever the history, every later state of it goes on from every earlier one. */
  @Test
  void compare_anyHistoryWithoutARestore_neverAlarms() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      History history = new History(1);
      List<Lineage> read = new ArrayList<>(List.of(history.read()));
      for (int step = random.nextInt(60); step > 0; step--) {
        grow(history, random);
        read.add(history.read());
      }
      for (int later = 0; later < read.size(); later++) {
        int earlier = random.nextInt(later + 1);
        assertThat(read.get(earlier).compare(read.get(later)))
            .as("seed=" + seed)
            .isInstanceOf(LineageComparison.Continued.class);
      }
    }
  }

  /** Whatever was restored and however it was lifted, it is noticed while a border or a mark reaches back to it. */
  @ParameterizedTest
  @EnumSource(Restart.class)
  void compare_anyRestore_alarms(Restart restart) {
    int silent = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Restored restored = new Restored(seed, restart);
      assertThat(restored.remembered.compare(restored.read))
          .as("seed=" + seed + " " + restored.remembered + " " + restored.read)
          .isInstanceOf(LineageComparison.Mismatched.class);
      silent += naive(restored.remembered, restored.read) ? 0 : 1;
    }
    assertThat(silent).as("restores of which the control says nothing").isGreaterThan(SEEDS / 4);
  }

  /** Each part of the comparison is needed: without it some restore passes. */
  @ParameterizedTest
  @EnumSource(Mutant.class)
  void compare_withoutOnePart_letsARestorePass(Mutant mutant) {
    int passed = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      for (Restart restart : Restart.values()) {
        Restored restored = new Restored(seed, restart);
        boolean strange = mutant.compare(restored.remembered, restored.read)
            instanceof LineageComparison.Mismatched;
        passed += strange ? 0 : 1;
      }
    }
    assertThat(passed).as(mutant + " lets pass").isPositive();
  }

  /** The epoch with which the restored servers begin. */
  private enum Restart {
    NEW_EPOCH,
    EPOCH_USED_TWICE,
    /** One server alone keeps its epoch. */
    SAME_EPOCH
  }

  /** A comparison with one part taken out, by taking what that part compares out of what was read. */
  private enum Mutant {
    WITHOUT_BORDERS,
    WITHOUT_MARKS,
    WITHOUT_TAGS_AT_ONE_VERSION,
    WITHOUT_GOING_BACK;

    LineageComparison compare(Lineage old, Lineage read) {
      int apart = read.here().version() - old.here().version();
      return switch (this) {
        case WITHOUT_BORDERS -> old.compare(with(read, old.borders(), read.marks()));
        case WITHOUT_MARKS -> old.compare(with(read, read.borders(), List.of()));
        case WITHOUT_TAGS_AT_ONE_VERSION ->
          apart == 0 ? new LineageComparison.Continued() : old.compare(read);
        case WITHOUT_GOING_BACK ->
          apart < 0 ? new LineageComparison.Continued() : old.compare(read);
      };
    }

    private static Lineage with(
        Lineage read, List<LineageRecord.Version> borders, List<LineageRecord.Mark> marks) {
      return new Lineage(
          read.id(),
          read.incarnation(),
          read.czxid(),
          read.ctime(),
          0,
          read.here(),
          borders,
          marks);
    }
  }

  /** A history of which a copy was taken, what was remembered of its end, and what the copy came to. */
  private static final class Restored {
    final Lineage remembered;
    final Lineage read;

    Restored(long seed, Restart restart) {
      SplittableRandom random = new SplittableRandom(seed);
      History original = new History(1);
      for (int step = random.nextInt(40); step > 0; step--) {
        grow(original, random);
      }
      History copy = original.copy();
      long epoch = original.epoch();
      if (random.nextBoolean()) {
        original.lead(epoch + 1);
      }
      original.write(1 + random.nextInt(20));
      remembered = original.read();
      switch (restart) {
        case NEW_EPOCH -> copy.lead(original.epoch() + 1);
        case EPOCH_USED_TWICE -> copy.lead(epoch + 1);
        case SAME_EPOCH -> copy.skip(random.nextInt(100));
      }
      // With marks alone, the version remembered must be among the last; a border has no such
      // limit.
      int most = restart == Restart.SAME_EPOCH ? LineageRecord.MOST_MARKS : 200;
      copy.write(random.nextInt(most));
      read = copy.read();
    }
  }

  private static void grow(History history, SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      history.lead(history.epoch() + 1 + random.nextInt(2));
    }
    history.write(random.nextInt(4));
  }

  /** A comparison without a history. */
  private static boolean naive(Lineage before, Lineage now) {
    return now.here().version() < before.here().version()
        || now.czxid() != before.czxid()
        || now.ctime() != before.ctime()
        || now.here().mzxid() < before.here().mzxid();
  }

  private static String reason(Lineage before, Lineage now) {
    LineageComparison comparison = before.compare(now);
    assertThat(comparison).isInstanceOf(LineageComparison.Mismatched.class);
    return ((LineageComparison.Mismatched) comparison).reason();
  }

  /** The node as a server keeps it. */
  private static final class History {
    private static final AtomicInteger TAGS = new AtomicInteger();
    private long zxid;
    private LineageRecord record;
    private final Stat stat;

    History(long epoch) {
      zxid = (epoch << 32) + 5;
      record = LineageRecord.first("id" + TAGS.getAndIncrement(), 1, tag());
      stat = new Stat();
      stat.setCzxid(zxid);
      stat.setMzxid(zxid);
      stat.setCtime(1_000);
    }

    private History(long zxid, LineageRecord record, Stat stat) {
      this.zxid = zxid;
      this.record = record;
      this.stat = new Stat(
          stat.getCzxid(),
          stat.getMzxid(),
          stat.getCtime(),
          0,
          stat.getVersion(),
          0,
          0,
          0,
          0,
          0,
          0);
    }

    History copy() {
      return new History(zxid, record, stat);
    }

    long epoch() {
      return zxid >>> 32;
    }

    void lead(long epoch) {
      zxid = epoch << 32;
    }

    void skip(int transactions) {
      zxid += transactions;
    }

    History write(int times) {
      for (int i = 0; i < times; i++) {
        put(read().next(tag()));
      }
      return this;
    }

    void raise(long incarnation) {
      put(read().raised("id" + TAGS.getAndIncrement(), incarnation, tag()));
    }

    private void put(LineageRecord next) {
      zxid += 3;
      record = next;
      stat.setMzxid(zxid);
      stat.setVersion(stat.getVersion() + 1);
    }

    Lineage read() {
      return Lineage.of(record, stat);
    }

    private static String tag() {
      return Integer.toHexString(TAGS.getAndIncrement());
    }
  }
}
