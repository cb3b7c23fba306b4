package io.zookit.admin.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole: its commands, how it is parsed, and how it ends. Not thread-safe. */
public final class Program {

  /** The commands that need all others. */
  private static final Set<String> OF_ALL = Set.of("completion", "launcher-files");

  private final List<String> args;
  private final CommandContext context;
  private final CommandFactory factory;
  private final CommandLine line;
  private final FailureCodes failures = new FailureCodes();

  /** A program with the commands of a class, for a command line. */
  public Program(
      CliEnvironment environment, Class<? extends CommandGroup> root, List<String> args) {
    this.args = List.copyOf(args);
    this.context = new CommandContext(environment);
    this.factory = new CommandFactory(context);
    this.line = new CommandLine(root, factory);
    line.getCommandSpec().addMixin("global", CommandSpec.forAnnotatedObject(context.options()));
  }

  /**
   * Adds a command, which is a class with picocli's {@code @Command}. Its verbs are read only if the command line names it, for
   * reading all takes most of the time of a short command.
   *
   * @param parts nouns below it, and verbs that are classes elsewhere
   */
  public Program command(Class<?> type, Class<?>... parts) {
    CommandLine command = commandOf(type);
    if (isNeeded(command.getCommandName())) {
      for (Class<?> part : parts) {
        CommandLine added = commandOf(part);
        command.addSubcommand(added.getCommandName(), added);
      }
    }
    line.addSubcommand(command.getCommandName(), command);
    return this;
  }

  /** Returns the whole command of a class, or only what lists of commands show of it. */
  private CommandLine commandOf(Class<?> type) {
    Command named = Objects.requireNonNull(type.getAnnotation(Command.class), type.getName());
    if (isNeeded(named.name())) {
      return new CommandLine(type, factory);
    }
    CommandSpec listed = CommandSpec.create().name(named.name());
    listed.usageMessage().description(named.description()).hidden(named.hidden());
    return new CommandLine(listed);
  }

  /** An argument with an at sign may be a file of arguments. */
  private boolean isNeeded(String name) {
    return args.stream()
        .anyMatch(arg -> arg.equals(name) || OF_ALL.contains(arg) || arg.startsWith("@"));
  }

  /** Options of one letter can be clustered. */
  private static boolean mayAskForHelp(String arg) {
    return OF_ALL.contains(arg)
        || arg.startsWith("@")
        || (arg.startsWith("-") && arg.contains("h"));
  }

  /** Adds the exceptions of a module that end a command with a code of their own. */
  public Program failures(Map<Class<? extends Throwable>, ExitCode> codes) {
    failures.add(codes);
    return this;
  }

  /**
   * Parses the command line without running it.
   *
   * @throws ParameterException if it is not a command line of this program
   */
  public void parse() {
    line.parseArgs(args.toArray(new String[0]));
  }

  /** Runs the command line and returns its exit code. */
  public int run() {
    boolean colored = ColorChoice.in(args).isOn(context.environment());
    line.setOut(new PrintWriter(context.standardOutput(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(context.environment().err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(colored ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler((failure, given) -> refuse(failure))
        .setExecutionExceptionHandler((failure, command, parsed) -> {
          context.error(failure);
          return failures.codeOf(failure).number();
        });
    line.setCaseInsensitiveEnumValuesAllowed(true).setExecutionStrategy(Program::execute);
    if (args.stream().anyMatch(Program::mayAskForHelp)) {
      HelpPages.use(line);
    }
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
    Optional<IOException> failure = context.standardOutput().failure();
    if (failure.isEmpty()) {
      return code;
    }
    context.error(new CommandException(
        ExitCode.FAILURE,
        "the standard output cannot be written (" + failure.get().getMessage() + ")",
        failure.get()));
    return code == ExitCode.OK.number() ? ExitCode.FAILURE.number() : code;
  }

  /** Reports a command line that cannot be parsed: the mistake, likely corrections, and where to find help. */
  private int refuse(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    context.error(unknownCommand(failure).or(() -> unknownChoice(failure)).orElse(failure));
    UnmatchedArgumentException.printSuggestions(failure, command.getErr());
    context.info("See: " + command.getCommandSpec().qualifiedName(" ") + " --help");
    return ExitCode.USAGE.number();
  }

  private static Optional<Exception> unknownCommand(ParameterException failure) {
    Set<String> known =
        HelpPages.ordered(failure.getCommandLine().getCommandSpec()).keySet();
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
