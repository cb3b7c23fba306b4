package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes a draft or a file as the stable release. */
@Command(
    name = "publish",
    description = {
      "Make a draft, or a file, the next stable release.",
      "The difference from the stable release is shown first; on a terminal you are asked whether to go on.",
      "If another client publishes first, it is a conflict, and both differences are shown."
    },
    footer = {
      "  zookit config publish prod/checkout/limits -m 'sale' --wait",
      "  zookit config publish prod/checkout/limits -f limits.properties --expect 57 --dry-run",
      "  zookit config publish prod/checkout/limits -m 'sale' --verify"
    })
final class PublishCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Mixin
  private NamespaceArgument ns = new NamespaceArgument();

  @Mixin
  private ContentSource source = new ContentSource();

  @Mixin
  private ChangeOptions options = new ChangeOptions();

  @Mixin
  private PublishReview review = new PublishReview();

  @Mixin
  private ReleaseWait waiting = new ReleaseWait();

  @Option(
      names = "--expect",
      paramLabel = "N",
      description = "A conflict unless this release is the stable one; 0 for none.")
  @Nullable
  private Integer expected;

  @Option(names = "--dry-run", description = "Only say what would happen.")
  private boolean dryRun;

  @Option(
      names = "--verify",
      description =
          "Only when every live instance has found that it can use it; waits for --within.")
  private boolean verify;

  @Option(names = "--allow-missing", description = "Take silence for consent, with --verify.")
  private boolean allowMissing;

  @Mixin
  private ChangeOptions.StableOverrides overrides = new ChangeOptions.StableOverrides();

  @Mixin
  private ApprovalOptions.ApprovalOverride approvals = new ApprovalOptions.ApprovalOverride();

  PublishCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    return config.exitCode(source.remedy(ns), this::publish);
  }

  private ExitCode publish(ConfigStore store) throws InterruptedException {
    Optional<Draft> draft =
        source.isFile() ? Optional.empty() : Optional.of(ns.draft(store, source.draft()));
    Content content = draft.isPresent() ? draft.get().content() : source.read(config.context());
    if (dryRun) {
      return preview(
          draft.isPresent() ? store.preview(draft.get()) : store.preview(ns.name(), content));
    }
    PublishPreview preview = store.preview(ns.name(), content);
    review(draft, preview);
    Release release = publish(store, draft, content, preview.base());
    ReleaseDocument.show(config.context(), release);
    waiting.await(config.context(), store, ns.name());
    return ExitCode.OK;
  }

  private ExitCode preview(PublishPreview preview) {
    if (expected != null && expected != preview.base()) {
      throw new CommandException(
          ExitCode.CONFLICT,
          ns + ": release " + preview.base() + " is stable (expected: " + expected + ")");
    }
    return PublishPreviewDocument.show(
        config.context(), ns.name(), preview, DiffDocument.lines(preview.diff()));
  }

  /** Shows and confirms the preview, unless its base rules out a publish: the conflict that follows says more. */
  private void review(Optional<Draft> draft, PublishPreview preview) {
    if (draft.isPresent() && expected != null && expected != draft.get().base()) {
      throw new CommandException(
          ExitCode.CONFLICT,
          ns + ": draft " + source.draft() + " is based on release "
              + draft.get().base() + " (expected: " + expected + ")");
    }
    if (base(draft, preview.base()) == preview.base()) {
      review.show(config.context(), ns.name(), preview);
      review.confirm(config.context(), "publish to " + ns);
    }
  }

  private int base(Optional<Draft> draft, int shown) {
    return draft.map(Draft::base).orElse(expected == null ? shown : expected);
  }

  /** Publishes on top of the release that the shown difference starts from. */
  private Release publish(ConfigStore store, Optional<Draft> draft, Content content, int shown)
      throws InterruptedException {
    Change based = change().onTopOf(base(draft, shown));
    if (!verify) {
      return draft.isPresent()
          ? store.publish(draft.get(), based)
          : store.publish(ns.name(), content, based);
    }
    return draft.isPresent()
        ? store.publishVerified(draft.get(), waiting.within(), based)
        : store.publishVerified(ns.name(), content, waiting.within(), based);
  }

  private Change change() {
    Change change =
        approvals.applyTo(options.change(config.context())).requireVotes(waiting.atLeast());
    return waiting.announce(overrides.applyTo(allowMissing ? change.allowMissing() : change));
  }
}
