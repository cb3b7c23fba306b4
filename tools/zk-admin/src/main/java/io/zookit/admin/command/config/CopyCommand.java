package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes what is stable in one namespace in another. */
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
final class CopyCommand implements Callable<ExitCode> {

  private final ConfigCommand config;
  private final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      converter = NamespaceArgument.NamespaceConverter.class,
      description = "The namespace to copy.")
  private Namespace from = Namespace.of("env", "app", "ns");

  @Parameters(
      index = "1",
      paramLabel = "TO",
      converter = NamespaceArgument.NamespaceConverter.class,
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
  private ChangeOptions options = new ChangeOptions();

  @Mixin
  private PublishReview review = new PublishReview();

  @Mixin
  private ReleaseWait waiting = new ReleaseWait();

  @Mixin
  private ChangeOptions.StableOverrides overrides = new ChangeOptions.StableOverrides();

  @Mixin
  private ApprovalOptions.ApprovalOverride approvals = new ApprovalOptions.ApprovalOverride();

  CopyCommand(ConfigCommand config) {
    this.config = config;
    this.context = config.context();
  }

  @Override
  public ExitCode call() throws InterruptedException {
    String remedy = "look at the difference with `zookit config compare " + from + " " + to
        + "`, and copy again";
    return config.exitCode(remedy, this::copy);
  }

  private ExitCode copy(ConfigStore store) throws InterruptedException {
    if (from.equals(to)) {
      throw new CommandException(
          ExitCode.USAGE, "TO: " + to + " (expected: another namespace than FROM)");
    }
    Release release = NamespaceArgument.release(store, from, name);
    Content content = store.environments().portable(from, Integer.toString(release.number()));
    PublishPreview preview = store.preview(to, content);
    if (dryRun) {
      return PublishPreviewDocument.show(context, to, preview, DiffDocument.lines(preview.diff()));
    }
    if (draft == null) {
      publish(store, release, content, preview);
    } else {
      Draft opened = store.drafts(to).open(draft).withContent(content);
      DraftDocument.show(context, store.drafts(to).save(opened, change(release)));
    }
    return ExitCode.OK;
  }

  private void publish(ConfigStore store, Release copied, Content content, PublishPreview preview)
      throws InterruptedException {
    review.show(context, to, preview);
    review.confirm(context, "copy " + copied + " to " + to);
    Change change = waiting.announce(
        overrides.applyTo(approvals.applyTo(change(copied))).onTopOf(preview.base()));
    ReleaseDocument.show(context, store.importContent(to, content, change));
    waiting.await(context, store, to);
  }

  private Change change(Release copied) {
    Change change = options.change(context);
    return change.message().isEmpty() ? change.because("copied from " + copied) : change;
  }
}
