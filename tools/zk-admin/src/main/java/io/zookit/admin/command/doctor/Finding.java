package io.zookit.admin.command.doctor;

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

  static final Layout<Finding> LAYOUT = Layout.of(
      Finding::check,
      Column.of("CHECK", Finding::check),
      new Column<>("RESULT", finding -> new Cell(finding.result, finding.tone())),
      Column.of("DETAIL", Finding::detail));

  static Finding ok(String check, String detail) {
    return new Finding(check, "ok", detail, ExitCode.OK);
  }

  static Finding odd(String check, String detail) {
    return new Finding(check, "odd", detail, ExitCode.OK);
  }

  static Finding bad(String check, String detail, ExitCode code) {
    return new Finding(check, "bad", detail, code);
  }

  private Tone tone() {
    return switch (result) {
      case "ok" -> Tone.GOOD;
      case "odd" -> Tone.ODD;
      default -> Tone.BAD;
    };
  }
}
