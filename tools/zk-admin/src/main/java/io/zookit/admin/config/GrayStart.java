package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Times;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import io.zookit.config.Rollout;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import java.time.Duration;
import java.util.List;
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
final class GrayStart extends NamespaceVerb {

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      arity = "0..1",
      description = "What it is called. Default: trial.")
  private String name = "trial";

  @Option(
      names = "--to",
      paramLabel = "AUDIENCE",
      required = true,
      converter = AudienceWords.class,
      description = "Who gets it.")
  private List<Audience> audiences = List.of();

  @Option(
      names = "--bake",
      paramLabel = "TIME",
      converter = Times.class,
      description = "How long a step lasts at least. Default: no time.")
  private Duration bake = Duration.ZERO;

  @Option(
      names = "--applied",
      paramLabel = "PERCENT",
      description = "How many of a step's instances must have it before the next. Default: 100.")
  private int applied = 100;

  @Option(names = "--dry-run", description = "Only say who would get it.")
  private boolean dryRun;

  @Mixin
  private Given given = new Given();

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private ApprovalOverride approvals = new ApprovalOverride();

  @Mixin
  private FreezeOverride freeze = new FreezeOverride();

  GrayStart(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    List<Instance> matched = store.preview(ns(), audiences.get(0));
    shell()
        .say(matched.size() + " live instances match: "
            + matched.stream().map(Instance::id).sorted().collect(Collectors.joining(", ")));
    if (!dryRun) {
      Rollout plan = new Rollout(audiences, bake, applied);
      GrayRelease gray =
          start(store, plan, freeze.allow(approvals.applyTo(signature.change(shell()))));
      shell().output().show(GrayDocument.of(gray), GrayDocument.LAYOUT);
    }
    return ExitCode.OK;
  }

  @Override
  String remedy() {
    return given.remedy(ns());
  }

  private GrayRelease start(ConfigStore store, Rollout plan, Change change)
      throws InterruptedException {
    return given.isFile()
        ? store.gray(ns(), name, given.read(shell()), plan, change)
        : store.gray(draft(store, given.draft()), name, plan, change);
  }
}
