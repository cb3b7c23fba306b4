package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a draft or a file stable. */
@Command(
    name = "publish",
    description = {
      "Make a draft, or a file, the next stable release.",
      "The difference from the stable release is shown first; on a terminal you are asked whether to go on.",
      "Who was faster wins; the other is shown both differences."
    },
    footer = {
      "  zookit config publish prod/checkout/limits -m 'sale' --wait",
      "  zookit config publish prod/checkout/limits -f limits.properties --expect 57 --dry-run",
      "  zookit config publish prod/checkout/limits -m 'sale' --verify"
    })
final class ConfigPublish extends NamespaceVerb {

  @Mixin
  private Given given = new Given();

  @Mixin
  private Signature signature = new Signature();

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
  private Overrides overrides = new Overrides();

  @Mixin
  private ApprovalOverride approvals = new ApprovalOverride();

  ConfigPublish(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Optional<Draft> draft =
        given.isFile() ? Optional.empty() : Optional.of(draft(store, given.draft()));
    Content content = draft.isPresent() ? draft.get().content() : given.read(shell());
    if (dryRun) {
      return preview(draft.isPresent() ? store.preview(draft.get()) : store.preview(ns(), content));
    }
    PublishPreview preview = store.preview(ns(), content);
    review(draft, preview);
    Release release = publish(store, draft, content, preview.base());
    shell().output().show(ReleaseDocument.of(release), ReleaseDocument.LAYOUT);
    waiting.await(shell(), store, ns());
    return ExitCode.OK;
  }

  @Override
  String remedy() {
    return given.remedy(ns());
  }

  /** Shows and confirms the preview, unless its base rules out a publish: the conflict that follows says more. */
  private void review(Optional<Draft> draft, PublishPreview preview) {
    if (draft.isPresent() && expected != null && expected != draft.get().base()) {
      throw new CommandException(
          ExitCode.CONFLICT,
          ns() + ": draft " + given.draft() + " is based on release "
              + draft.get().base() + " (expected: " + expected + ")");
    }
    int base = draft.map(Draft::base).orElse(expected == null ? preview.base() : expected);
    if (base == preview.base()) {
      review.show(shell(), ns(), preview);
      review.confirm(shell(), "publish to " + ns());
    }
  }

  private ExitCode preview(PublishPreview preview) {
    if (expected != null && expected != preview.base()) {
      throw new CommandException(
          ExitCode.CONFLICT,
          ns() + ": release " + preview.base() + " is stable (expected: " + expected + ")");
    }
    shell()
        .output()
        .show(
            PublishPreviewDocument.of(ns(), preview),
            new PublishPreviewDocument.Lines(Differences.lines(preview.diff())));
    return preview.problems().isEmpty() ? ExitCode.OK : ExitCode.REJECTED;
  }

  /** Publishes on top of the release that the shown difference starts from. */
  private Release publish(ConfigStore store, Optional<Draft> draft, Content content, int shown)
      throws InterruptedException {
    int base = draft.map(Draft::base).orElse(expected == null ? shown : expected);
    Change based = change().onTopOf(base);
    if (!verify) {
      return draft.isPresent()
          ? store.publish(draft.get(), based)
          : store.publish(ns(), content, based);
    }
    return draft.isPresent()
        ? store.publishVerified(draft.get(), waiting.within(), based)
        : store.publishVerified(ns(), content, waiting.within(), based);
  }

  private Change change() {
    Change change = approvals.applyTo(signature.change(shell())).requireVotes(waiting.atLeast());
    return waiting.announce(overrides.allow(allowMissing ? change.allowMissing() : change));
  }
}
