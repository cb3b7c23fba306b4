package io.zookit.benchmarks;

import io.zookit.benchmarks.measure.RowGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Command-line options: the rows to measure, and the files for their figures. */
final class BenchOptions {

  private static final String ALL = "all";

  /** The values of the first argument. */
  static final class GroupNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    GroupNames() {
      super(BenchGroups.all().stream().map(RowGroup::name).toList());
      add(ALL);
    }
  }

  @Spec
  private @Nullable CommandSpec spec;

  private @Nullable String group;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ROW",
      defaultValue = "",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "Only rows that begin with this, such as lock.contended.")
  private String prefix = "";

  @Option(names = "--quick", description = "One short round instead of three.")
  private boolean quick;

  @Option(names = "--ensemble", description = "Three servers for every row.")
  private boolean ensemble;

  @Option(
      names = "--growth",
      description = "Zookit alone, at sizes that grow, one line a size: NAME size=N zookit=…")
  private boolean growth;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes the figures, with their spread.")
  private @Nullable Path json;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = {
        "Rows and growth; also writes DIR/benchmarks.md, with figures and plots in",
        "DIR/benchmarks; rows of earlier runs stay."
      })
  private @Nullable Path report;

  @Parameters(
      index = "0",
      arity = "0..1", // a subcommand stands for it
      paramLabel = "GROUP",
      completionCandidates = GroupNames.class,
      description = "${COMPLETION-CANDIDATES}.")
  void setGroup(String name) {
    List<String> known = new GroupNames();
    if (!known.contains(name)) {
      throw refused("group: " + name + " (expected: " + String.join(", ", known) + ")");
    }
    group = name;
  }

  /** Returns the groups whose rows are to be measured. */
  List<RowGroup> groups() {
    String name = group;
    if (name == null) {
      throw refused("group: none (expected: " + String.join(", ", new GroupNames()) + ")");
    }
    return name.equals(ALL) ? BenchGroups.all() : List.of(BenchGroups.named(name));
  }

  private ParameterException refused(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  String prefix() {
    return prefix;
  }

  boolean isQuick() {
    return quick;
  }

  boolean isEnsemble() {
    return ensemble;
  }

  /** Returns whether rows are to be measured. */
  boolean wantsRows() {
    return !growth || report != null;
  }

  /** Returns whether growth is to be measured. */
  boolean wantsGrowth() {
    return growth || report != null;
  }

  Optional<Path> json() {
    return Optional.ofNullable(json);
  }

  Optional<Path> report() {
    return Optional.ofNullable(report);
  }
}
