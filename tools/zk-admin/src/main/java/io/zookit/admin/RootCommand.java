package io.zookit.admin;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command line as a whole, and the commands about the program itself. */
@Command(
    name = RootCommand.NAME,
    description = "Locks, discovery, configuration and cluster cron on ZooKeeper.")
@VerbOrder({
  "lock",
  "config",
  "service",
  "job",
  "id",
  "access",
  "audit",
  "incarnation",
  "context",
  "doctor",
  "demo",
  "server",
  "console",
  "bench",
  "chaos",
  "completion",
  "version"
})
final class RootCommand extends CommandGroup {

  static final String NAME = "zookit";

  /** A shell that the completion script is for. It is the same one: zsh runs the completions of bash. */
  enum Dialect {
    /** GNU bash. */
    BASH,
    /** The Z shell. */
    ZSH;

    @Override
    public String toString() {
      return DisplayText.of(this);
    }
  }

  /**
   * Which versions these are.
   *
   * @param zookit this program
   * @param java what it runs on
   */
  record Versions(String zookit, String java) {

    private static final Layout<Versions> LAYOUT = Layout.of(
            Versions::zookit,
            Column.of("ZOOKIT", Versions::zookit),
            Column.of("JAVA", Versions::java))
        .withPage(versions -> Page.of("zookit " + versions.zookit).field("java", versions.java));
  }

  RootCommand(CommandContext context) {
    super(context);
  }

  @Command(name = "demo", description = "Sample services that register, find and lock each other.")
  ExitCode demo(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return external("demo");
  }

  @Command(name = "server", description = "A ZooKeeper server to develop against.")
  ExitCode server(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return external("server");
  }

  @Command(name = "console", description = "The web page and the HTTP API.")
  ExitCode console(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return external("console");
  }

  @Command(name = "bench", description = "Measurements side by side with the peers.")
  ExitCode bench(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return external("bench");
  }

  @Command(name = "chaos", description = "The long run under faults, with a report.")
  ExitCode chaos(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return external("chaos");
  }

  /** A command of another program, which only the launcher knows how to start; here so that it is listed and completed. */
  private ExitCode external(String name) {
    context()
        .info("zookit: " + name + ": is started by the launcher at the top of a checkout: ./zookit "
            + name);
    return ExitCode.USAGE;
  }

  @Command(
      name = "completion",
      description = "Write the script that completes command lines of zookit in a shell.",
      footer = {
        "  source <(zookit completion bash)       in ~/.bashrc",
        "  source <(zookit completion zsh)        in ~/.zshrc"
      })
  void completion(
      @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}") Dialect dialect) {
    String script = AutoComplete.bash(NAME, commandLine());
    context().output().raw(script + (dialect == Dialect.ZSH ? "\n" : ""));
  }

  @Command(
      name = "version",
      description = "Say which version this is.",
      footer = {"  zookit version", "  zookit version -o json"})
  void version() {
    String version = Optional.ofNullable(RootCommand.class.getPackage().getImplementationVersion())
        .orElse("of a build folder");
    context().output().show(new Versions(version, Runtime.version().toString()), Versions.LAYOUT);
  }
}
