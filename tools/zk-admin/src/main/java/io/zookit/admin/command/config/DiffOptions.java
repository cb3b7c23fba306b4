package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Cell;
import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import java.util.List;
import picocli.CommandLine.Option;

/** Options for the form of a difference, and whether a difference ends a command with 1. */
public final class DiffOptions {

  @Option(
      names = {"-u", "--unified"},
      description = "Line by line. Default: key by key, where there are keys.")
  private boolean unified;

  @Option(names = "--side-by-side", description = "Line by line, both sides in columns.")
  private boolean sideBySide;

  @Option(names = "--exit-code", description = "Exit with 1 if there is a difference.")
  private boolean exitCode;

  /** Writes a difference, and returns the exit code for it. */
  public ExitCode write(
      CommandContext context, Namespace ns, String from, String to, Diff diff, boolean different) {
    context.output().show(DiffDocument.of(ns, from, to, diff), DiffDocument.layout(lines(diff)));
    return code(different);
  }

  /** Returns the lines of a difference in the requested form. */
  List<Cell> lines(Diff diff) {
    return sideBySide
        ? DiffDocument.sideBySide(diff)
        : unified ? DiffDocument.unified(diff) : DiffDocument.lines(diff);
  }

  ExitCode code(boolean different) {
    return different && exitCode ? ExitCode.FAILURE : ExitCode.OK;
  }
}
