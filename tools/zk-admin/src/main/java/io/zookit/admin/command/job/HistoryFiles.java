package io.zookit.admin.command.job;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.scheduler.history.JsonLinesHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files in which nodes kept the ends of runs, as they are named on the command line. */
record HistoryFiles(CommandContext context) {

  private static final Pattern OURS = Pattern.compile("(.+\\.jsonl)(?:\\.\\d+)?");

  /** Opens the given histories: files, each with the full ones next to it, and folders of such files. */
  List<JsonLinesHistory> open(List<Path> given) {
    List<JsonLinesHistory> histories = new ArrayList<>();
    for (Path path : given) {
      Set<Path> files = Files.isDirectory(path) ? inside(path) : Set.of(path);
      for (Path file : files) {
        histories.add(open(file));
      }
    }
    return histories;
  }

  private JsonLinesHistory open(Path file) {
    JsonLinesHistory history = JsonLinesHistory.of(file);
    JsonLinesHistory.Lines lines = linesOf(history);
    if (lines.runs() == 0 && lines.damaged() == 0 && !Files.exists(file)) {
      throw new CommandException(ExitCode.NOT_FOUND, file + ": there is no such file");
    }
    if (lines.runs() == 0 && lines.damaged() > 0) {
      throw new CommandException(
          ExitCode.REJECTED,
          file + ": no line is the end of a run (expected: JSON lines as a node writes them)");
    }
    if (lines.damaged() > 0) {
      context.info(file + ": " + lines.damaged() + " of " + (lines.runs() + lines.damaged())
          + " lines cannot be read and are left out");
    }
    return history;
  }

  private static JsonLinesHistory.Lines linesOf(JsonLinesHistory history) {
    try {
      return history.lines();
    } catch (UncheckedIOException e) {
      throw new CommandException(ExitCode.FAILURE, String.valueOf(e.getMessage()), e);
    }
  }

  private static Set<Path> inside(Path folder) {
    Set<Path> files = new LinkedHashSet<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.sorted().forEach(each -> {
        Matcher name = OURS.matcher(String.valueOf(each.getFileName()));
        if (name.matches()) {
          files.add(folder.resolve(name.group(1)));
        }
      });
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILURE, folder + ": cannot be read (" + e.getMessage() + ")", e);
    }
    if (files.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND, folder + ": holds no history (expected: files named *.jsonl)");
    }
    return files;
  }
}
