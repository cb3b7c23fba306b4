package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import java.util.List;
import picocli.CommandLine.Option;

/** In which form differences are shown, and whether they end a command. */
final class DiffLook {

  @Option(
      names = {"-u", "--unified"},
      description = "Line by line. Default: key by key, where there are keys.")
  private boolean unified;

  @Option(names = "--side-by-side", description = "Line by line, both sides in columns.")
  private boolean sideBySide;

  @Option(names = "--exit-code", description = "End with 1 when there is a difference.")
  private boolean exitCode;

  void write(Shell shell, Namespace ns, String from, String to, Diff diff) {
    shell.output().show(DiffDocument.of(ns, from, to, diff), new DiffDocument.Lines(lines(diff)));
  }

  /** The lines of a difference in the requested form. */
  List<Cell> lines(Diff diff) {
    return sideBySide
        ? Differences.sideBySide(diff)
        : unified ? Differences.unified(diff) : Differences.lines(diff);
  }

  ExitCode code(boolean different) {
    return different && exitCode ? ExitCode.FAILURE : ExitCode.OK;
  }
}
