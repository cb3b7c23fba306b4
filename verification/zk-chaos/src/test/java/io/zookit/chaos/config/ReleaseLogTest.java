package io.zookit.chaos.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Timekeeper;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReleaseLogTest {

  private final ReleaseLog log = new ReleaseLog();

  @Test
  void compare_everythingAsItWasSaid_findsNothing() {
    log.onLine("publisher-1.1", "acked a 1");
    log.onLine("publisher-1.1", "unknown b id");
    log.onLine("publisher-2.1", "refused c by another release");
    log.onLine("reader-1.1", "saw 1 1 a");
    log.onLine("reader-1.2", "saw 2 2 b");
    assertThat(found("a", "b")).isEmpty();
  }

  @Test
  void heard_valuesOfTwoReleases_isTorn() {
    log.onLine("reader-1.1", "torn 2 2 a,b");
    assertThat(found("a", "b").get(0)).startsWith("torn: reader-1.1");
  }

  @Test
  void heard_oneReleaseWithTwoContents_isTorn() {
    log.onLine("reader-1.1", "saw 1 1 a");
    log.onLine("reader-2.1", "saw 1 1 b");
    assertThat(found("a").get(0)).startsWith("torn: release 1 was a for others");
  }

  @Test
  void heard_earlierReleaseAfterARestart_isBack() {
    log.onLine("reader-1.1", "saw 2 2 b");
    log.onLine("reader-1.2", "saw 1 1 a");
    assertThat(found("a", "b").get(0)).startsWith("back: reader-1.2 had seen release 2");
  }

  @Test
  void compare_acknowledgedReleaseThatHasAnotherContent_isLost() {
    log.onLine("publisher-1.1", "acked a 1");
    assertThat(found("b").get(0)).startsWith("lost: a was acknowledged as release 1, which has b");
  }

  @Test
  void compare_missingNumber_isAGap() {
    TreeMap<Integer, String> stored = new TreeMap<>();
    stored.put(1, "a");
    stored.put(3, "c");
    log.compare(stored);
    assertThat(log.transcript().findings().get(0)).startsWith("gap: release 2 of 3 is not there");
  }

  @Test
  void compare_publishThatWasAppliedTwice_isFound() {
    log.onLine("publisher-1.1", "unknown a id");
    assertThat(found("a", "a").get(0)).startsWith("twice");
  }

  @Test
  void compare_refusedPublishThatIsThere_isFound() {
    log.onLine("publisher-1.1", "refused a by another release");
    assertThat(found("a").get(0)).startsWith("refused: a was published all the same");
  }

  @Test
  void compareUnknown_storedAndFoundOrNeither_findsNothing() {
    log.onLine("publisher-1.1", "unknown a id-a");
    log.onLine("publisher-1.1", "unknown b id-b");
    log.compareUnknown(List.of("id-a", "id-c"), List.of("id-a"));
    assertThat(log.transcript().findings()).isEmpty();
  }

  @Test
  void compareUnknown_storedButNotFound_isFound() {
    log.onLine("publisher-1.1", "unknown a id-a");
    log.compareUnknown(List.of("id-a"), List.of());
    assertThat(log.transcript().findings().get(0))
        .startsWith("unknown: a is stored 1 times and was not found");
  }

  @Test
  void compareUnknown_foundButNotStoredOrStoredTwice_isFound() {
    log.onLine("publisher-1.1", "unknown a id-a");
    log.compareUnknown(List.of(), List.of("id-a"));
    log.compareUnknown(List.of("id-a", "id-a"), List.of("id-a"));
    assertThat(log.transcript().found()).isEqualTo(2);
  }

  @Test
  void readSince_acknowledgedAfterwardsAndReadByAll_isTrue() {
    long before = Timekeeper.system().nanos() - 1;
    log.onLine("publisher-1.1", "acked a 1");
    log.onLine("reader-1.1", "saw 1 1 a");
    assertThat(log.readSince(before, 1)).isTrue();
    assertThat(log.readSince(before, 2)).isFalse();
    assertThat(log.readSince(Timekeeper.system().nanos() + 1, 1)).isFalse();
  }

  private List<String> found(String... values) {
    TreeMap<Integer, String> stored = new TreeMap<>();
    for (String value : values) {
      stored.put(stored.size() + 1, value);
    }
    log.compare(stored);
    return log.transcript().findings();
  }
}
