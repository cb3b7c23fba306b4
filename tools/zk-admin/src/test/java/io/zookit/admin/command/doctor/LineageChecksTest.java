package io.zookit.admin.command.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.admin.cli.ExitCode;
import io.zookit.core.DataLineage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Assessment by the doctor of the states that the servers hold. */
class LineageChecksTest {

  private static final String ID = "0123456789abcdef";

  private final Map<String, DataLineage> read = new LinkedHashMap<>();

  @Test
  void isBad_serverThatDoesNotAnswer_isNotWaitedForAgain() {
    List<Finding> known = List.of(
        Finding.ok("server a:2181", "3.9.5"),
        Finding.bad("server b:2181", "answers nothing", ExitCode.UNAVAILABLE));
    assertThat(LineageChecks.isBad("a/x", known)).isFalse();
    assertThat(LineageChecks.isBad("b/x", known)).isTrue();
    assertThat(LineageChecks.isBad("b:2181", known)).isTrue();
    assertThat(LineageChecks.isBad("b:2182", known)).isFalse();
  }

  @Test
  void servers_withAChroot_eachHaveIt() {
    assertThat(LineageChecks.servers("a:1,b:2/x/y")).isEqualTo(List.of("a:1/x/y", "b:2/x/y"));
    assertThat(LineageChecks.servers("a:1, b:2")).isEqualTo(List.of("a:1", "b:2"));
  }

  @Test
  void compare_sameStateOrOneWriteApart_isFine() {
    read.put("a", new DataLineage(ID, 7, "x"));
    read.put("b", new DataLineage(ID, 7, "x"));
    read.put("c", new DataLineage(ID, 8, "y"));
    assertThat(LineageChecks.compare(read)).extracting(Finding::result).containsExactly("ok");
  }

  @Test
  void compare_otherTagOrIdOrFarApart_isBadAndNamesBoth() {
    for (DataLineage other : List.of(
        new DataLineage(ID, 7, "z"),
        new DataLineage("f" + ID, 7, "x"),
        new DataLineage(ID, 3, "w"))) {
      read.put("a", new DataLineage(ID, 7, "x"));
      read.put("b", other);
      assertThat(LineageChecks.compare(read)).singleElement().satisfies(found -> {
        assertThat(found.result()).isEqualTo("bad");
        assertThat(found.detail()).contains("a holds version 7", "b holds version", "restored");
      });
    }
  }
}
