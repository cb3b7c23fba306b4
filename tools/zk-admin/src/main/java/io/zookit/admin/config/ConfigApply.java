package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes files stable, all or none. */
@Command(
    name = "apply",
    description = {
      "Make the files of a folder stable, ENV/APP/NS.properties and so on, all in one transaction or none.",
      "With NS: one file, or the standard input. What is stable already makes no release.",
      "Where the policy requires approvals, --request-approval saves the files as drafts; once others have approved"
          + " these (draft approve), the same files go through."
    },
    footer = {
      "  zookit config apply -f config/ -m 'as in git'",
      "  zookit config apply -f config/ -m 'as in git' --request-approval",
      "  zookit config apply -f config/ --dry-run",
      "  zookit config apply prod/checkout/limits -f - < limits.properties"
    })
final class ConfigApply extends ConfigVerb {

  @Parameters(
      index = "0",
      paramLabel = "NS",
      arity = "0..1",
      converter = NamespaceWords.class,
      description = "The namespace of a single file.")
  @Nullable
  private Namespace ns;

  @Mixin
  private Given given = new Given();

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private PublishReview review = new PublishReview();

  @Mixin
  private Overrides overrides = new Overrides();

  @Option(names = "--dry-run", description = "Only say what would happen.")
  private boolean dryRun;

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  ConfigApply(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Map<Namespace, Content> contents = given.files(shell(), ns);
    if (dryRun) {
      return preview(store, contents);
    }
    Map<Namespace, Content> changed = review(store, contents);
    Change change = signature.change(shell());
    if (approvals.isRequested() && new AppliedDrafts(shell(), store, change).save(changed)) {
      return ExitCode.OK;
    }
    Map<Namespace, Release> releases = contents.isEmpty()
        ? Map.of()
        : store.publish(contents, overrides.allow(approvals.applyTo(change)));
    shell()
        .output()
        .list(releases.values().stream().map(AppliedDocument::of).toList(), AppliedDocument.LAYOUT);
    return ExitCode.OK;
  }

  /** The contents that differ from what is stable, after they were shown and confirmed. */
  private Map<Namespace, Content> review(ConfigStore store, Map<Namespace, Content> contents)
      throws InterruptedException {
    Map<Namespace, Content> changed = new TreeMap<>();
    for (Map.Entry<Namespace, Content> each : contents.entrySet()) {
      PublishPreview preview = store.preview(each.getKey(), each.getValue());
      if (!preview.unchanged()) {
        review.show(shell(), each.getKey(), preview);
        changed.put(each.getKey(), each.getValue());
      }
    }
    if (!changed.isEmpty()) {
      review.confirm(shell(), "publish to " + changed.size() + " namespaces");
    }
    return changed;
  }

  private ExitCode preview(ConfigStore store, Map<Namespace, Content> contents)
      throws InterruptedException {
    List<PublishPreviewDocument> previews = Drift.previews(store, contents);
    shell().output().list(previews, new PublishPreviewDocument.Lines(List.of()));
    return previews.stream().allMatch(each -> each.problems().isEmpty())
        ? ExitCode.OK
        : ExitCode.REJECTED;
  }
}
