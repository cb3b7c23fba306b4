package io.zookit.admin.doctor;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import java.util.List;

/**
 * The result of one check.
 *
 * @param check the subject of the check
 * @param result ok, odd, or bad
 * @param detail what was found
 * @param code the exit code it requires of the command
 */
record Finding(
    String check, String result, String detail, @JsonIgnore ExitCode code) {

  static Finding ok(String check, String detail) {
    return new Finding(check, "ok", detail, ExitCode.OK);
  }

  static Finding odd(String check, String detail) {
    return new Finding(check, "odd", detail, ExitCode.OK);
  }

  static Finding bad(String check, String detail, ExitCode code) {
    return new Finding(check, "bad", detail, code);
  }

  /** Layout of a finding. */
  static final class Lines implements Layout<Finding> {

    @Override
    public String name(Finding finding) {
      return finding.check;
    }

    @Override
    public List<Column<Finding>> columns() {
      return List.of(
          Column.of("CHECK", Finding::check),
          new Column<>("RESULT", finding -> new Cell(finding.result, tone(finding))),
          Column.of("DETAIL", Finding::detail));
    }

    private static Tone tone(Finding finding) {
      return switch (finding.result) {
        case "ok" -> Tone.GOOD;
        case "odd" -> Tone.ODD;
        default -> Tone.BAD;
      };
    }
  }
}
