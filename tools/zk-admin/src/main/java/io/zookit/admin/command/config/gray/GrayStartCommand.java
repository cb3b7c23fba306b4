package io.zookit.admin.command.config.gray;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.DurationConverter;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.command.config.ApprovalOptions;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.ContentSource;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import io.zookit.config.Rollout;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a gray release. */
@Command(
    name = "start",
    description = {
      "Give a draft, or a file, to an audience while the others keep the stable release.",
      "The draft becomes the gray release: no later publish brings it back when that is aborted.",
      "Several --to are steps, from one to the next of which `zookit config gray advance` goes.",
      "An audience: instance in (a, b) && label.zone == \"a\" && percent(10), or count(2), any, not."
    },
    footer = {
      "  zookit config gray start prod/checkout/limits --to 'percent(10)' -m 'trial'",
      "  zookit config gray start prod/checkout/limits sale --to 'count(1)' --to 'percent(50)' --bake 10m",
      "  zookit config gray start prod/checkout/limits --to 'count(1)' --dry-run"
    })
final class GrayStartCommand implements Callable<ExitCode> {

  private final ConfigCommand config;
  private final CommandContext context;

  @Mixin
  private NamespaceArgument ns = new NamespaceArgument();

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      arity = "0..1",
      description = "The name of the gray release. Default: trial.")
  private String name = "trial";

  @Option(
      names = "--to",
      paramLabel = "AUDIENCE",
      required = true,
      converter = GrayCommand.AudienceConverter.class,
      description = "The audience; repeat it for further steps.")
  private List<Audience> audiences = List.of();

  @Option(
      names = "--bake",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long a step lasts at least. Default: no time.")
  private Duration bake = Duration.ZERO;

  @Option(
      names = "--applied",
      paramLabel = "PERCENT",
      description =
          "The share of a step's instances that must have it before the next. Default: 100.")
  private int applied = 100;

  @Option(names = "--dry-run", description = "Only say which instances would get it.")
  private boolean dryRun;

  @Mixin
  private ContentSource source = new ContentSource();

  @Mixin
  private ChangeOptions options = new ChangeOptions();

  @Mixin
  private ApprovalOptions.ApprovalOverride approvals = new ApprovalOptions.ApprovalOverride();

  @Mixin
  private ChangeOptions.FreezeOverride freeze = new ChangeOptions.FreezeOverride();

  GrayStartCommand(GrayCommand gray) {
    this.config = gray.config();
    this.context = gray.context();
  }

  @Override
  public ExitCode call() throws InterruptedException {
    return config.exitCode(source.remedy(ns), store -> {
      List<Instance> matched = store.preview(ns.name(), audiences.get(0));
      context.info((matched.size() == 1
              ? "1 live instance matches: "
              : matched.size() + " live instances match: ")
          + matched.stream().map(Instance::id).sorted().collect(Collectors.joining(", ")));
      if (!dryRun) {
        GrayLayout.show(context, start(store));
      }
      return ExitCode.OK;
    });
  }

  private GrayRelease start(ConfigStore store) throws InterruptedException {
    Rollout plan = new Rollout(audiences, bake, applied);
    Change change = freeze.applyTo(approvals.applyTo(options.change(context)));
    return source.isFile()
        ? store.gray(ns.name(), name, source.read(context), plan, change)
        : store.gray(ns.draft(store, source.draft()), name, plan, change);
  }
}
