package io.zookit.chaos.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdRunsTest {

  @Test
  void text_consecutiveIds_areOneRun() {
    assertThat(IdRuns.text(new long[] {5, 6, 7, 9, 12, 13})).isEqualTo("5-7,9-9,12-13");
    assertThat(IdRuns.bounds("5-7,9-9,12-13")).containsExactly(5, 13);
  }

  @Test
  void add_idsThatWereAddedBefore_areCounted() {
    IdRuns runs = new IdRuns();
    assertThat(runs.add("1-10,20-30")).isZero();
    assertThat(runs.add("11-19")).isZero();
    assertThat(runs.add("31-31,40-50")).isZero();
    assertThat(runs.add("45-45")).isEqualTo(1);
    assertThat(runs.add("0-60")).isEqualTo(42);
    assertThat(runs.add("60-61")).isEqualTo(1);
    assertThat(runs.count()).isEqualTo(10 + 11 + 9 + 1 + 11 + 1 + 61 + 2);
  }

  @Test
  void onLine_sameIdOfTwoProcesses_isFound() {
    IdLog log = new IdLog();
    log.onLine("client-1.1", "sequence 7-7");
    log.onLine("client-2.1", "sequence 8-8");
    assertThat(log.transcript().found()).isZero();
    log.onLine("client-1.1", "sequence 8-8");
    assertThat(log.transcript().found()).isEqualTo(1);
    log.onLine("client-1.1", "snowflake 9-9");
    log.onLine("client-1.1", "snowflake 3-3");
    assertThat(log.transcript().found()).as("not increasing in one process").isEqualTo(2);
    log.onLine("client-1.1", "control 1-5");
    log.onLine("client-2.1", "control 5-6");
    assertThat(log.controlRepeated()).isEqualTo(1);
  }
}
