package io.zookit.admin.command.config.draft;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.ContentDocument;
import io.zookit.admin.command.config.ContentSource;
import io.zookit.admin.command.config.DiffOptions;
import io.zookit.admin.command.config.DraftDocument;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.admin.output.DisplayText;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about drafts. */
@Command(name = "draft", description = "Drafts: what is to be published.")
@VerbOrder({"list", "save", "show", "diff", "rebase", "approve", "discard"})
public final class DraftCommand extends CommandGroup {

  private final ConfigCommand config;

  /** Below the commands about the configuration. */
  public DraftCommand(ConfigCommand config) {
    super(config.context());
    this.config = config;
  }

  /** A draft, by its namespace and its name. */
  static final class DraftArgument {

    @Mixin
    private NamespaceArgument ns = new NamespaceArgument();

    @Parameters(
        index = "1",
        paramLabel = "NAME",
        arity = "0..1",
        description = "The draft. Default: main.")
    private String name = ContentSource.DRAFT;

    Namespace ns() {
      return ns.name();
    }

    Draft of(ConfigStore store) throws InterruptedException {
      return ns.draft(store, name);
    }
  }

  @Command(
      name = "list",
      description = "List the drafts of a namespace.",
      footer = "  zookit config draft list prod/checkout/limits")
  void list(@Mixin NamespaceArgument ns) throws InterruptedException {
    config.withStore(store -> {
      ns.state(store);
      List<DraftDocument> drafts =
          store.drafts(ns.name()).list().stream().map(DraftDocument::of).toList();
      context().output().list(drafts, DraftDocument.LAYOUT);
    });
  }

  @Command(
      name = "save",
      description = {
        "Save a file as a draft, so that it can be approved before it is published.",
        "A draft of that name gets the content of the file and keeps its base; it loses its approvals."
      },
      footer = {
        "  zookit config draft save prod/checkout/limits -f limits.properties",
        "  zookit config draft save prod/checkout/limits --draft sale -f - < limits.properties"
      })
  void save(@Mixin NamespaceArgument ns, @Mixin ContentSource source, @Mixin ChangeOptions options)
      throws InterruptedException {
    config.withStore(store -> {
      if (!source.isFile()) {
        throw new CommandException(ExitCode.USAGE, "-f: missing (expected: FILE)");
      }
      Drafts drafts = store.drafts(ns.name());
      Draft edited = drafts.open(source.draft()).withContent(source.read(context()));
      DraftDocument.show(context(), drafts.save(edited, options.change(context())));
    });
  }

  @Command(
      name = "show",
      description = "Show the content of a draft. Secrets are hidden.",
      footer = {
        "  zookit config draft show prod/checkout/limits",
        "  zookit config draft show prod/checkout/limits sale --reveal"
      })
  void show(
      @Mixin DraftArgument argument,
      @Option(names = "--reveal", description = "Open secrets.") boolean reveal)
      throws InterruptedException {
    config.withStore(store -> {
      Draft draft = argument.of(store);
      Content shown = ContentDocument.shown(store.history(argument.ns()), draft.content(), reveal);
      ContentDocument.of(draft, shown).write(context());
    });
  }

  @Command(
      name = "diff",
      description = "Compare a draft with the stable release. Secrets are hidden.",
      footer = "  zookit config draft diff prod/checkout/limits --unified")
  ExitCode diff(@Mixin DraftArgument argument, @Mixin DiffOptions options)
      throws InterruptedException {
    return config.exitCode(store -> {
      Draft draft = argument.of(store);
      PublishPreview preview = store.preview(argument.ns(), draft.content());
      return options.write(
          context(),
          argument.ns(),
          "@stable",
          "draft " + draft.name(),
          preview.diff(),
          !preview.unchanged());
    });
  }

  @Command(
      name = "rebase",
      description = {
        "Bring a draft up to the stable release, key by key.",
        "Keys that both sides changed differently are a conflict, and nothing is saved unless --theirs takes the stable values."
      },
      footer = "  zookit config draft rebase prod/checkout/limits --theirs")
  void rebase(
      @Mixin DraftArgument argument,
      @Option(names = "--theirs", description = "Take the stable values where both sides changed.")
          boolean theirs,
      @Mixin ChangeOptions options)
      throws InterruptedException {
    config.withStore(store -> {
      Drafts drafts = store.drafts(argument.ns());
      Drafts.Rebase rebase = drafts.rebase(argument.of(store));
      if (!rebase.conflicts().isEmpty() && !theirs) {
        throw new CommandException(
            ExitCode.CONFLICT,
            argument.ns() + ": both sides changed " + DisplayText.list(rebase.conflicts())
                + "; nothing was saved (--theirs takes the stable values)");
      }
      DraftDocument.show(context(), drafts.save(rebase.draft(), options.change(context())));
    });
  }

  @Command(
      name = "approve",
      description =
          "Approve a draft of another person as it is; saving it again takes approvals away.",
      footer = "  zookit config draft approve prod/checkout/limits --by ben")
  void approve(@Mixin DraftArgument argument, @Mixin ChangeOptions options)
      throws InterruptedException {
    config.withStore(store -> DraftDocument.show(
        context(),
        store.drafts(argument.ns()).approve(argument.of(store), options.change(context()))));
  }

  @Command(
      name = "discard",
      description = "Delete a draft.",
      footer = {
        "  zookit config draft discard prod/checkout/limits",
        "  zookit config draft discard prod/checkout/limits sale --yes"
      })
  void discard(@Mixin DraftArgument argument, @Mixin Confirmation consent)
      throws InterruptedException {
    config.withStore(store -> {
      Draft draft = argument.of(store);
      String what =
          "discard draft " + draft.name() + " of " + argument.ns() + ", by " + draft.author();
      if (consent.isGiven(context(), what)) {
        store.drafts(argument.ns()).discard(draft);
        context().info("draft " + draft.name() + " is discarded");
      }
    });
  }
}
