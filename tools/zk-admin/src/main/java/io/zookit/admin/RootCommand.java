package io.zookit.admin;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.CompletionScript;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
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
  "group",
  "access",
  "audit",
  "incarnation",
  "context",
  "doctor",
  "demo",
  "sample",
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
    return ofCheckout("demo");
  }

  @Command(name = "sample", description = "Quick starts of one file each, which end by themselves.")
  ExitCode sample(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return ofCheckout("sample");
  }

  @Command(name = "server", description = "A ZooKeeper server to develop against.")
  ExitCode server(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return launched("server");
  }

  @Command(name = "console", description = "The web page and the HTTP API.")
  ExitCode console(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return launched("console");
  }

  @Command(name = "bench", description = "Measurements side by side with the peers.")
  ExitCode bench(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return ofCheckout("bench");
  }

  @Command(name = "chaos", description = "The long run under faults, with a report.")
  ExitCode chaos(@Parameters(hidden = true) @Nullable List<String> arguments) {
    return ofCheckout("chaos");
  }

  /** A command of another program, which only a launcher knows how to start; here so that it is listed and completed. */
  private ExitCode launched(String name) {
    context().info("zookit: " + name + ": started by the launcher only: bin/zookit " + name);
    return ExitCode.USAGE;
  }

  private ExitCode ofCheckout(String name) {
    context().info("zookit: " + name + ": only from a checkout: ./zookit " + name);
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
    context().output().raw(CompletionScript.of(commandLine()));
  }

  /** Writes what the launcher prints by itself, for a call of it takes less time than a start of Java. */
  @Command(
      name = "launcher-files",
      hidden = true,
      description = "Write the pages of help and the completion script into a folder.")
  void launcherFiles(@Parameters(paramLabel = "FOLDER") Path folder) {
    try {
      Path pages = Files.createDirectories(folder.resolve("help"));
      writePage(pages, NAME, commandLine());
      for (Map.Entry<String, CommandLine> command :
          commandLine().getSubcommands().entrySet()) {
        if (!(command.getValue().getCommandSpec().userObject() instanceof Method)) {
          writePage(pages, command.getKey(), command.getValue());
        }
      }
      String script = CompletionScript.of(commandLine());
      Path scripts = Files.createDirectories(folder.resolve("completion"));
      Files.writeString(scripts.resolve(NAME + ".bash"), script);
      Files.writeString(scripts.resolve("_" + NAME), script);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be written", e);
    }
  }

  private static void writePage(Path folder, String name, CommandLine command) throws IOException {
    for (Ansi ansi : List.of(Ansi.OFF, Ansi.ON)) {
      Files.writeString(
          folder.resolve(name + (ansi == Ansi.ON ? ".ansi" : ".txt")),
          command.getUsageMessage(CommandLine.Help.defaultColorScheme(ansi)));
    }
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
