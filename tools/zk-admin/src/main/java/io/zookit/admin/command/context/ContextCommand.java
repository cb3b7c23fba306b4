package io.zookit.admin.command.context;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.Contexts;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
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

  /** Creates the commands of a context. */
  public ContextCommand(CommandContext context) {
    super(context);
  }

  @Command(
      name = "list",
      description = "List the contexts, and which is in use.",
      footer = {"  zookit context list", "  zookit context list -o name"})
  void list() {
    Contexts contexts = context().contexts();
    List<ContextDocument> documents = contexts.byName().keySet().stream()
        .map(name -> ContextDocument.of(contexts, name, false))
        .toList();
    context().output().list(documents, ContextDocument.LAYOUT);
  }

  @Command(
      name = "show",
      description = "Show a context; without a name, the one in use.",
      footer = {"  zookit context show", "  zookit context show prod --reveal"})
  void show(
      @Parameters(paramLabel = "NAME", arity = "0..1", description = "The name of the context.")
          @Nullable
          String name,
      @Option(names = "--reveal", description = "Show the password, if it is in the file.")
          boolean reveal) {
    Contexts contexts = context().contexts();
    String shown = Optional.ofNullable(name)
        .or(contexts::current)
        .orElseThrow(() -> new CommandException(ExitCode.NOT_FOUND, "no context is in use"));
    context().output().show(ContextDocument.of(contexts, shown, reveal), ContextDocument.LAYOUT);
  }

  @Command(
      name = "use",
      description =
          "Use a context from now on, where no option and no ZOOKIT_CONNECT says otherwise.",
      footer = "  zookit context use prod")
  void use(@Parameters(paramLabel = "NAME", description = "The name of the context.") String name) {
    Contexts contexts = context().contexts();
    contexts.named(name);
    context().save(contexts.using(name));
    context().info("context " + name + " is in use");
  }

  @Command(
      name = "remove",
      description = "Remove a context from the file.",
      footer = {"  zookit context remove old", "  zookit context remove old --yes"})
  void remove(
      @Parameters(paramLabel = "NAME", description = "The name of the context.") String name,
      @Mixin Confirmation consent) {
    Contexts contexts = context().contexts();
    String connect = contexts.named(name).connect();
    if (consent.isGiven(context(), "remove context " + name + ", " + connect)) {
      context().save(contexts.without(name));
      context().info("context " + name + " is removed");
    }
  }
}
