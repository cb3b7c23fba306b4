package io.zookit.admin.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/** The command line as a whole: its groups and verbs, how it is parsed, and how it ends. Not thread-safe. */
public final class Program {

  /** The name of the command. */
  public static final String NAME = "zookit";

  private final Shell shell;
  private final CommandLine line;
  private final CommandFactory factory;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Class<? extends Throwable>, ExitCode> failures = new LinkedHashMap<>();

  /** A program without commands. */
  public Program(Surroundings surroundings, String... description) {
    this.shell = new Shell(surroundings);
    this.factory = new CommandFactory(shell);
    CommandSpec root = CommandSpec.forAnnotatedObject(new Incomplete());
    root.name(NAME);
    root.usageMessage().description(description);
    this.line = new CommandLine(root).setCaseInsensitiveEnumValuesAllowed(true);
    CommandSpec options = CommandSpec.forAnnotatedObject(shell.options());
    root.addMixin("global", options);
  }

  /**
   * Adds a command, which is a class with picocli's {@code @Command}.
   *
   * @param parts nouns below it
   */
  public Program command(Class<?> type, Class<?>... parts) {
    CommandLine command = new CommandLine(type, factory);
    for (Class<?> part : parts) {
      command.addSubcommand(new CommandLine(part, factory));
    }
    line.addSubcommand(command);
    return this;
  }

  /** Adds the exceptions of a module that end a command with a code of their own. */
  public Program failures(Map<Class<? extends Throwable>, ExitCode> codes) {
    failures.putAll(codes);
    return this;
  }

  /** Adds a group. */
  public Program group(Function<? super Shell, Group> made) {
    Group group = made.apply(shell);
    line.addSubcommand(group.name(), commands(group));
    groups.add(group);
    return this;
  }

  private static CommandLine commands(Group group) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(new Incomplete());
    spec.name(group.name());
    spec.usageMessage().description(sentence(group.says()));
    CommandLine commands = new CommandLine(spec);
    group.groups().forEach(part -> commands.addSubcommand(part.name(), commands(part)));
    group.verbs().forEach(commands::addSubcommand);
    return commands;
  }

  private static String sentence(String says) {
    return Character.toUpperCase(says.charAt(0)) + says.substring(1) + ".";
  }

  /** Adds a command without a group. */
  public Program verb(Function<? super Shell, Verb> made) {
    line.addSubcommand(made.apply(shell));
    return this;
  }

  /** Adds the commands about the program itself. */
  public Program ownVerbs() {
    return verb(CompletionVerb::new).verb(VersionVerb::new);
  }

  /** Adds a command that the launcher gives to another program, so that it is listed and completed. */
  public Program elsewhere(String name, String says) {
    Elsewhere command = new Elsewhere(name);
    CommandSpec spec = CommandSpec.forAnnotatedObject(command);
    spec.name(name);
    spec.usageMessage().description(sentence(says));
    line.addSubcommand(name, new CommandLine(spec));
    return this;
  }

  /**
   * Parses a command line without running it.
   *
   * @throws ParameterException if it is not a command line of this program
   */
  public void parse(List<String> args) {
    line.parseArgs(args.toArray(new String[0]));
  }

  /** Runs a command line and returns its exit code. */
  public int run(List<String> args) {
    Failures codes = new Failures(groups, failures);
    boolean colored = ColorChoice.in(args).isOn(shell.surroundings());
    line.setOut(new PrintWriter(shell.standardOutput(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(shell.surroundings().err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(colored ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler((failure, given) -> refuse(failure))
        .setExecutionExceptionHandler((failure, command, parsed) -> {
          shell.complain(failure);
          return codes.codeOf(failure).number();
        });
    line.setCaseInsensitiveEnumValuesAllowed(true).setExecutionStrategy(Program::execute);
    HelpPages.use(line);
    int code = line.execute(args.toArray(new String[0]));
    return withOutput(code);
  }

  /** Runs the verb; what it returns is the exit code. */
  private static int execute(ParseResult parsed) {
    int code = new RunLast().execute(parsed);
    List<CommandLine> path = parsed.asCommandLineList();
    Object result = path.get(path.size() - 1).getExecutionResult();
    return result instanceof ExitCode own ? own.number() : code;
  }

  /** A command that went well, but whose data were not written, has failed. */
  private int withOutput(int code) {
    Optional<IOException> failure = shell.standardOutput().failure();
    if (failure.isEmpty()) {
      return code;
    }
    shell.complain(new CommandException(
        ExitCode.FAILURE,
        "the standard output cannot be written (" + failure.get().getMessage() + ")",
        failure.get()));
    return code == ExitCode.OK.number() ? ExitCode.FAILURE.number() : code;
  }

  /** Reports a command line that cannot be parsed: the mistake, likely corrections, and where to find help. */
  private int refuse(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    shell.complain(unknownCommand(failure).or(() -> unknownChoice(failure)).orElse(failure));
    UnmatchedArgumentException.printSuggestions(failure, command.getErr());
    shell.say("See: " + command.getCommandSpec().qualifiedName(" ") + " --help");
    return ExitCode.USAGE.number();
  }

  private static Optional<Exception> unknownCommand(ParameterException failure) {
    Set<String> known = HelpPages.ordered(failure.getCommandLine().getCommandSpec()).keySet();
    return failure instanceof UnmatchedArgumentException unmatched && !known.isEmpty()
        ? unmatched.getUnmatched().stream()
            .findFirst()
            .filter(word -> !word.startsWith("-"))
            .map(word -> new CommandException(
                ExitCode.USAGE,
                "\"" + word + "\": no such command (expected: " + String.join(", ", known) + ")"))
        : Optional.empty();
  }

  private static Optional<Exception> unknownChoice(ParameterException failure) {
    ArgSpec argument = failure.getArgSpec();
    return argument != null && argument.type().isEnum() && failure.getValue() != null
        ? Optional.of(new CommandException(
            ExitCode.USAGE,
            nameOf(argument) + ": \"" + failure.getValue() + "\" (expected: "
                + Arrays.stream(argument.type().getEnumConstants())
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "))
                + ")"))
        : Optional.empty();
  }

  private static String nameOf(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
