package io.zookit.admin.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Range;

/**
 * The script that completes command lines in bash and zsh. picocli's part completes the words of the grammar; the other part
 * completes the names of what exists, as the list commands of the program report them.
 */
public final class CompletionScript {

  private static final Set<String> NAMESPACES =
      Set.of("NS", "NS|PREFIX", "PREFIX", "FROM", "TO", "A", "B");
  private static final Set<String> SERVICES = Set.of("SERVICE", "SERVICE/ID");
  private static final Set<String> LISTED = Set.of("NAME", "JOB", "PREFIX");
  private static final Set<String> CREATING = Set.of("add", "create");
  private static final String LIST = "list";

  private final SortedMap<String, CommandSpec> commands = new TreeMap<>();

  private CompletionScript(CommandSpec root) {
    gather("", root);
  }

  private void gather(String path, CommandSpec spec) {
    spec.subcommands().forEach((name, command) -> {
      String longer = path.isEmpty() ? name : path + " " + name;
      commands.put(longer, command.getCommandSpec());
      gather(longer, command.getCommandSpec());
    });
  }

  /** Returns the script of a program whose commands are all known. */
  public static String of(CommandLine program) {
    String name = program.getCommandName();
    CompletionScript script = new CompletionScript(program.getCommandSpec());
    return AutoComplete.bash(name, program)
        + template()
            .replace("@LISTS@", String.join("\n", script.cases()))
            .replace("@VALUED@", String.join(" | ", script.valued()))
            .replace("@COMMANDS@", "|" + String.join("|", script.commands.keySet()) + "|")
            .replace("@PROGRAM@", name);
  }

  private static String template() {
    try (InputStream in = Objects.requireNonNull(
        CompletionScript.class.getResourceAsStream("names.bash"), "names.bash")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the options of any command that take a value. */
  private Set<String> valued() {
    return commands.values().stream()
        .flatMap(spec -> spec.options().stream())
        .filter(option -> option.arity().max() > 0)
        .flatMap(option -> List.of(option.names()).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the cases of the script: patterns of a command and a position, by the list command for them. */
  private List<String> cases() {
    Map<String, Set<String>> patterns = new TreeMap<>();
    commands.forEach((path, spec) -> spec.positionalParameters().stream()
        .filter(parameter -> !parameter.hidden())
        .forEach(parameter -> list(path, parameter)
            .ifPresent(list -> patterns
                .computeIfAbsent(list, key -> new TreeSet<>())
                .addAll(patterns(path, parameter.index())))));
    return patterns.entrySet().stream()
        .map(each ->
            "    " + String.join(" | ", each.getValue()) + ") echo " + each.getKey() + " ;;")
        .toList();
  }

  private static Set<String> patterns(String path, Range positions) {
    Set<String> patterns = new TreeSet<>();
    if (positions.isVariable() || positions.isUnspecified()) {
      patterns.add("'" + path + ":'*");
    } else {
      for (int i = positions.min(); i <= positions.max(); i++) {
        patterns.add("'" + path + ":" + i + "'");
      }
    }
    return patterns;
  }

  /** Returns the command that lists what an argument names; empty if the argument is something else, or a new name. */
  private Optional<String> list(String path, PositionalParamSpec parameter) {
    String label = parameter.paramLabel();
    int last = path.lastIndexOf(' ');
    String noun = path.substring(0, Math.max(last, 0));
    if (path.startsWith("config ") && NAMESPACES.contains(label)) {
      return Optional.of("config ns list");
    }
    if (SERVICES.contains(label)) {
      return Optional.of("service list");
    }
    boolean isNameOfNoun = LISTED.contains(label)
        && parameter.index().min() == 0
        && !CREATING.contains(path.substring(last + 1))
        && commands.containsKey(noun + " " + LIST);
    return isNameOfNoun ? Optional.of(noun + " " + LIST) : Optional.empty();
  }
}
