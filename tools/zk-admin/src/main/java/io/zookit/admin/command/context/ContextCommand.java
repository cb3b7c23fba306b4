package io.zookit.admin.command.context;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.CommandGroup;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.Contexts;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.VerbOrder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about contexts. */
@Command(
    name = "context",
    description = "Connections under names, in ~/.config/zookit/config.yaml.",
    subcommands = ContextAddCommand.class)
@VerbOrder({"list", "show", "add", "use", "remove"})
public final class ContextCommand extends CommandGroup {

  /** For a shell. */
  public ContextCommand(Shell shell) {
    super(shell);
  }

  @Command(
      name = "list",
      description = "List the contexts, and which is in use.",
      footer = {"  zookit context list", "  zookit context list -o name"})
  void list() {
    Contexts contexts = shell().contexts();
    List<ContextDocument> documents = contexts.byName().keySet().stream()
        .map(name -> ContextDocument.of(contexts, name, false))
        .toList();
    shell().output().list(documents, ContextDocument.LAYOUT);
  }

  @Command(
      name = "show",
      description = "Show a context; without a name, the one in use.",
      footer = {"  zookit context show", "  zookit context show prod --reveal"})
  void show(
      @Parameters(
              paramLabel = "NAME",
              arity = "0..1",
              description = "The name of the context.")
          @Nullable String name,
      @Option(names = "--reveal", description = "Show the password, if it is in the file.")
          boolean reveal) {
    Contexts contexts = shell().contexts();
    String shown = Optional.ofNullable(name)
        .or(contexts::current)
        .orElseThrow(() -> new CommandException(ExitCode.NOT_FOUND, "no context is in use"));
    shell().output().show(ContextDocument.of(contexts, shown, reveal), ContextDocument.LAYOUT);
  }

  @Command(
      name = "use",
      description =
          "Use a context from now on, where no option and no ZOOKIT_CONNECT says otherwise.",
      footer = "  zookit context use prod")
  void use(
      @Parameters(paramLabel = "NAME", description = "The name of the context.") String name) {
    Contexts contexts = shell().contexts();
    contexts.named(name);
    shell().save(contexts.using(name));
    shell().say("context " + name + " is in use");
  }

  @Command(
      name = "remove",
      description = "Remove a context from the file.",
      footer = {"  zookit context remove old", "  zookit context remove old --yes"})
  void remove(
      @Parameters(paramLabel = "NAME", description = "The name of the context.") String name,
      @Mixin Consent consent) {
    Contexts contexts = shell().contexts();
    String connect = contexts.named(name).connect();
    if (consent.isGiven(shell(), "remove context " + name + ", " + connect)) {
      shell().save(contexts.without(name));
      shell().say("context " + name + " is removed");
    }
  }
}
