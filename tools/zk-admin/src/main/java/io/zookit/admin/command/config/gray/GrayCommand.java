package io.zookit.admin.command.config.gray;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.command.config.ApprovalOptions;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.admin.command.config.PublishReview;
import io.zookit.admin.command.config.ReleaseDocument;
import io.zookit.admin.command.config.ReleaseWait;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.GrayRelease;
import io.zookit.config.Namespace;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.views.GrayShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The commands about gray releases. */
@Command(
    name = "gray",
    description =
        "Gray releases: what some instances have while the others keep the stable release.",
    subcommands = {GrayStartCommand.class, GrayAdvanceCommand.class})
@VerbOrder({"start", "status", "preview", "advance", "widen", "pause", "resume", "promote", "abort"
})
public final class GrayCommand extends CommandGroup {

  private final ConfigCommand config;

  /** Below the commands about the configuration. */
  public GrayCommand(ConfigCommand config) {
    super(config.context());
    this.config = config;
  }

  ConfigCommand config() {
    return config;
  }

  /** A gray release, by its namespace and its name. */
  static final class GrayArgument {

    @Mixin
    private NamespaceArgument ns = new NamespaceArgument();

    @Parameters(
        index = "1",
        paramLabel = "NAME",
        arity = "0..1",
        description = "The gray release. Default: the only one that is open.")
    @Nullable
    private String name;

    NamespaceArgument ns() {
      return ns;
    }

    GrayRelease of(ConfigStore store) throws InterruptedException {
      if (name != null) {
        return ns.gray(store, name);
      }
      ns.state(store);
      List<GrayRelease> open = store.grays(ns.name());
      if (open.isEmpty()) {
        throw new CommandException(ExitCode.NOT_FOUND, ns + ": no gray release is open");
      }
      if (open.size() > 1) {
        throw new CommandException(
            ExitCode.USAGE,
            "NAME: missing (expected: one of "
                + DisplayText.list(open.stream().map(GrayRelease::name).toList()) + ")");
      }
      return open.get(0);
    }
  }

  /** Parses an audience. */
  static final class AudienceConverter implements ITypeConverter<Audience> {

    @Override
    public Audience convert(String text) {
      try {
        return Audience.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @Command(
      name = "status",
      description =
          "Show the progress of a gray release, or list all of a namespace in the order in which they are tried.",
      footer = {
        "  zookit config gray status prod/checkout/limits",
        "  zookit config gray status prod/checkout/limits sale -o json"
      })
  void status(
      @Mixin NamespaceArgument ns,
      @Parameters(
              index = "1",
              paramLabel = "NAME",
              arity = "0..1",
              description = "The gray release.")
          @Nullable
          String name)
      throws InterruptedException {
    config.withStore(store -> {
      if (name != null) {
        GrayLayout.show(context(), ns.gray(store, name));
        return;
      }
      ns.state(store);
      List<GrayShape> all = new ArrayList<>();
      store.grayStatuses(ns.name()).forEach((gray, status) -> all.add(GrayShape.of(gray, status)));
      context().output().list(all, GrayLayout.OF_GRAY);
    });
  }

  @Command(
      name = "preview",
      description = "List the live instances that a gray release started now would reach.",
      footer = "  zookit config gray preview prod/checkout/limits --to 'percent(10)'")
  void preview(
      @Mixin NamespaceArgument ns,
      @Option(
              names = "--to",
              paramLabel = "AUDIENCE",
              required = true,
              converter = AudienceConverter.class,
              description = "The audience.")
          Audience audience)
      throws InterruptedException {
    config.withStore(store -> {
      ns.state(store);
      List<MatchDocument> matched =
          store.preview(ns.name(), audience).stream().map(MatchDocument::of).toList();
      context().output().list(matched, MatchDocument.LAYOUT);
    });
  }

  @Command(
      name = "widen",
      description = "Give a gray release a greater audience; instances that have it keep it.",
      footer = "  zookit config gray widen prod/checkout/limits trial --to 'percent(25)'")
  void widen(
      @Mixin GrayArgument argument,
      @Option(
              names = "--to",
              paramLabel = "AUDIENCE",
              required = true,
              converter = AudienceConverter.class,
              description = "The new audience.")
          Audience audience,
      @Mixin ChangeOptions options,
      @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    config.withStore(approvals, store -> {
      GrayRelease gray = argument.of(store);
      gray.widen(audience, approvals.applyTo(options.change(context())));
      GrayLayout.show(context(), gray);
    });
  }

  @Command(
      name = "pause",
      description = "Hold a gray release at its step; the instances that have it keep it.",
      footer = "  zookit config gray pause prod/checkout/limits trial -m 'wait for the night'")
  void pause(@Mixin GrayArgument argument, @Mixin ChangeOptions options)
      throws InterruptedException {
    config.withStore(store -> {
      GrayRelease gray = argument.of(store);
      gray.pause(options.change(context()));
      GrayLayout.show(context(), gray);
    });
  }

  @Command(
      name = "resume",
      description = "Let a paused gray release go on.",
      footer = "  zookit config gray resume prod/checkout/limits trial")
  void resume(
      @Mixin GrayArgument argument, @Mixin ChangeOptions options, @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    config.withStore(approvals, store -> {
      GrayRelease gray = argument.of(store);
      gray.resume(approvals.applyTo(options.change(context())));
      GrayLayout.show(context(), gray);
    });
  }

  @Command(
      name = "promote",
      description = {
        "Make the content of a gray release stable, as a new release.",
        "The difference from the stable release is shown first; on a terminal you are asked whether to go on."
      },
      footer = "  zookit config gray promote prod/checkout/limits trial -m 'all is well' --wait")
  void promote(
      @Mixin GrayArgument argument,
      @Mixin ChangeOptions options,
      @Mixin PublishReview review,
      @Mixin ChangeOptions.FreezeOverride freeze,
      @Mixin ReleaseWait waiting,
      @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    config.withStore(approvals, store -> {
      Namespace ns = argument.ns().name();
      GrayRelease gray = argument.of(store);
      Content content = store.history(ns).content(gray.release());
      review.show(context(), ns, store.preview(ns, content));
      review.confirm(context(), "promote gray release " + gray.name() + " of " + ns);
      Change change = freeze.applyTo(approvals.applyTo(options.change(context())));
      ReleaseDocument.show(context(), gray.promote(waiting.announce(change)));
      waiting.await(context(), store, ns);
    });
  }

  @Command(
      name = "abort",
      description = "Abort a gray release; all its instances go back to the stable release.",
      footer = "  zookit config gray abort prod/checkout/limits trial -m 'orders fail' --yes")
  void abort(
      @Mixin GrayArgument argument, @Mixin Confirmation consent, @Mixin ChangeOptions options)
      throws InterruptedException {
    config.withStore(store -> {
      GrayRelease gray = argument.of(store);
      NamespaceArgument ns = argument.ns();
      int matched = gray.status().matched().size();
      String what = "give up gray release " + gray.name() + " of " + ns + ", which reaches "
          + DisplayText.count(matched, "live instance");
      if (consent.isGiven(context(), what)) {
        gray.abandon(options.change(context()));
        context()
            .info("gray release " + gray.name() + " is given up; its content stays as release "
                + gray.release() + ": zookit config get " + ns + " -r " + gray.release());
      }
    });
  }

  /**
   * An instance that an audience reaches.
   *
   * @param instance its id
   */
  record MatchDocument(String instance, String address, Map<String, String> labels) {

    static final Layout<MatchDocument> LAYOUT = Layout.of(
        MatchDocument::instance,
        Column.of("INSTANCE", MatchDocument::instance),
        Column.of("ADDRESS", MatchDocument::address),
        Column.of("LABELS", match -> DisplayText.map(match.labels)));

    static MatchDocument of(Instance instance) {
      return new MatchDocument(instance.id(), instance.address(), instance.labels());
    }
  }
}
