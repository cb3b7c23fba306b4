package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies what is stable in one namespace to another. */
@Command(
    name = "copy",
    description = {
      "Make what is stable in one namespace the next stable release of another, such as that of another environment.",
      "Secrets are re-encrypted with the keys of the other environment. The difference is shown first; on a terminal you are asked whether to go on.",
      "With --draft it becomes a draft there instead, which can be edited and approved."
    },
    footer = {
      "  zookit config copy staging/checkout/limits prod/checkout/limits --dry-run",
      "  zookit config copy staging/checkout/limits prod/checkout/limits -m 'tested in staging' --wait",
      "  zookit config copy staging/checkout/limits prod/checkout/limits -r 57 --draft from-staging"
    })
final class ConfigCopy extends ConfigVerb {

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      converter = NamespaceWords.class,
      description = "The namespace to copy.")
  private Namespace from = Namespace.of("env", "app", "ns");

  @Parameters(
      index = "1",
      paramLabel = "TO",
      converter = NamespaceWords.class,
      description = "The namespace that gets the release.")
  private Namespace to = Namespace.of("env", "app", "ns");

  @Option(
      names = {"-r", "--release"},
      paramLabel = "REL",
      description = "The release to copy: 57, @stable, @stable~1, @gray/NAME. Default: @stable.")
  private String name = "@stable";

  @Option(
      names = "--draft",
      paramLabel = "NAME",
      description = "Save it as this draft instead of publishing it.")
  @Nullable
  private String draft;

  @Option(names = "--dry-run", description = "Only say what would happen.")
  private boolean dryRun;

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private PublishReview review = new PublishReview();

  @Mixin
  private ReleaseWait waiting = new ReleaseWait();

  @Mixin
  private Overrides overrides = new Overrides();

  @Mixin
  private ApprovalOverride approvals = new ApprovalOverride();

  ConfigCopy(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (from.equals(to)) {
      throw new CommandException(
          ExitCode.USAGE, "TO: " + to + " (expected: another namespace than FROM)");
    }
    Release source = store
        .history(from)
        .find(name)
        .orElseThrow(
            () -> new CommandException(ExitCode.NOT_FOUND, from + ": there is no release " + name));
    Content content = store.environments().portable(from, Integer.toString(source.number()));
    PublishPreview preview = store.preview(to, content);
    if (dryRun) {
      shell()
          .output()
          .show(
              PublishPreviewDocument.of(to, preview),
              new PublishPreviewDocument.Lines(Differences.lines(preview.diff())));
      return preview.problems().isEmpty() ? ExitCode.OK : ExitCode.REJECTED;
    }
    return draft == null
        ? publish(store, source, content, preview)
        : save(store, source, content, draft);
  }

  @Override
  String remedy() {
    return "look at the difference with `zookit config compare " + from + " " + to
        + "`, and copy again";
  }

  private ExitCode publish(
      ConfigStore store, Release source, Content content, PublishPreview preview)
      throws InterruptedException {
    review.show(shell(), to, preview);
    review.confirm(shell(), "copy " + source + " to " + to);
    Change change = waiting.announce(
        overrides.allow(approvals.applyTo(change(source))).onTopOf(preview.base()));
    Release release = store.importContent(to, content, change);
    shell().output().show(ReleaseDocument.of(release), ReleaseDocument.LAYOUT);
    waiting.await(shell(), store, to);
    return ExitCode.OK;
  }

  private ExitCode save(ConfigStore store, Release source, Content content, String called)
      throws InterruptedException {
    Draft opened = store.drafts(to).open(called).withContent(content);
    Draft saved = store.drafts(to).save(opened, change(source));
    DraftDocument.show(shell(), saved);
    return ExitCode.OK;
  }

  private Change change(Release source) {
    Change change = signature.change(shell());
    return change.message().isEmpty() ? change.because("copied from " + source) : change;
  }
}
