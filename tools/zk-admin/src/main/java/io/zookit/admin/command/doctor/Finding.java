package io.zookit.admin.command.doctor;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;

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
      new Column<>("RESULT", finding -> new Cell(finding.result, finding.style())),
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

  private Style style() {
    return switch (result) {
      case "ok" -> Style.GOOD;
      case "odd" -> Style.ODD;
      default -> Style.BAD;
    };
  }
}
