package io.zookit.admin.doctor;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import java.util.List;

/**
 * What was found of one thing.
 *
 * @param check what was looked at
 * @param result ok, odd, or bad
 * @param detail what was found
 * @param code how the command ends because of it
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

  /** How it looks. */
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
