package io.zookit.admin.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** One look for the help of every command: usage, what it does, its own options, examples. */
final class HelpPages {

  private static final int WIDTH = 100;
  private static final String END = "end";
  private static final String EXIT_CODES = """

      @|bold Exit codes|@
        0 ok              3 not found                6 denied
        1 failure         4 conflict                 7 unavailable or timeout
        2 usage           5 validation or rejected   8 cancelled by the user
                                                     9 rollout aborted

      @|bold Environment|@
        ZOOKIT_CONNECT    host:port[,host:port...] when --connect and --context are not given
        ZOOKIT_USER       who you are to ZooKeeper when neither --user nor the context says it
        ZOOKIT_PASSWORD   the password of the user
        ZOOKIT_TIMEOUT    how long to wait when --timeout is not given
        NO_COLOR          no colour
      """;

  private HelpPages() {}

  static void use(CommandLine line) {
    List<String> order = new ArrayList<>(line.getHelpSectionKeys());
    order.add(END);
    line.setHelpSectionKeys(order).setUsageHelpWidth(WIDTH);
    draw(line);
  }

  private static void draw(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    Map<String, IHelpSectionRenderer> sections = line.getHelpSectionMap();
    sections.put(
        UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
        help -> help.createHeading("@|bold Usage|@%n"));
    sections.put(
        UsageMessageSpec.SECTION_KEY_SYNOPSIS,
        help -> "  " + synopsis(spec) + System.lineSeparator());
    sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION_HEADING, help -> System.lineSeparator());
    sections.put(
        UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
        help -> heading(help, !spec.positionalParameters().isEmpty(), "Arguments"));
    sections.put(
        UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
        help -> heading(help, !own(spec).isEmpty(), "Options"));
    sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> options(help, spec));
    sections.put(
        UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
        help -> heading(help, !spec.subcommands().isEmpty(), "Commands"));
    sections.put(
        UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
        help -> spec.subcommands().isEmpty()
            ? ""
            : help.commandList(inOrder(spec, help.subcommands())));
    sections.put(
        UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
        help -> heading(help, spec.usageMessage().footer().length > 0, "Examples"));
    sections.put(END, help -> end(help, spec));
    line.getSubcommands().values().forEach(HelpPages::draw);
  }

  /** The commands below one that are not hidden, in the order in which people see them. */
  static Map<String, CommandLine> ordered(CommandSpec spec) {
    Map<String, CommandLine> ordered = inOrder(spec, new LinkedHashMap<>(spec.subcommands()));
    ordered.values().removeIf(command -> command.getCommandSpec().usageMessage().hidden());
    return ordered;
  }

  private static <T> Map<String, T> inOrder(CommandSpec spec, Map<String, T> commands) {
    VerbOrder order = spec.userObject().getClass().getAnnotation(VerbOrder.class);
    if (order == null) {
      return commands;
    }
    List<String> known = List.of(order.value());
    Map<String, T> ordered = new LinkedHashMap<>();
    commands.entrySet().stream()
        .sorted(Comparator.comparingInt(each -> known.indexOf(each.getKey())))
        .forEach(each -> ordered.put(each.getKey(), each.getValue()));
    return ordered;
  }

  private static String heading(Help help, boolean wanted, String text) {
    return wanted ? help.createHeading("%n@|bold " + text + "|@%n") : "";
  }

  /** Returns the end of a page: the options of every command and, on the top page, the exit codes. */
  private static String end(Help help, CommandSpec spec) {
    List<OptionSpec> everywhere =
        spec.options().stream().filter(option -> !isOwn(spec, option)).toList();
    return heading(help, !everywhere.isEmpty(), "Options of every command")
        + (everywhere.isEmpty() ? "" : help.optionListExcludingGroups(everywhere))
        + (spec.parent() == null ? help.colorScheme().ansi().string(EXIT_CODES) : "");
  }

  private static boolean isOwn(CommandSpec spec, OptionSpec option) {
    return spec.parent() != null && (!option.inherited() || isOfGroup(option));
  }

  /** Returns whether an inherited option is one of a noun, as opposed to one of every command. */
  private static boolean isOfGroup(OptionSpec inherited) {
    return inherited.root().command().parent() != null;
  }

  private static List<OptionSpec> own(CommandSpec spec) {
    return spec.options().stream().filter(option -> isOwn(spec, option)).toList();
  }

  private static String options(Help help, CommandSpec spec) {
    return own(spec).isEmpty() ? "" : help.optionListExcludingGroups(own(spec));
  }

  private static String synopsis(CommandSpec spec) {
    StringBuilder text = new StringBuilder(spec.qualifiedName(" "));
    for (OptionSpec option : own(spec)) {
      if (!option.hidden()) {
        String value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
        text.append(" [").append(option.longestName()).append(value).append("]");
      }
    }
    if (spec.parent() == null) {
      text.append(" [OPTIONS]");
    }
    String parameters = spec.positionalParameters().stream()
        .filter(each -> !each.hidden())
        .map(HelpPages::label)
        .collect(Collectors.joining());
    return text.append(parameters)
        .append(spec.subcommands().isEmpty() ? "" : " COMMAND")
        .toString();
  }

  private static String label(PositionalParamSpec parameter) {
    String label = parameter.paramLabel();
    return parameter.required() ? " " + label : " [" + label + "]";
  }
}
