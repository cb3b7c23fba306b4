package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Proposal;
import io.zookit.config.Release;
import java.util.List;
import java.util.Map;
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
      "With NS: one file, or the standard input. What is stable already makes no release."
    },
    footer = {
      "  zookit config apply -f config/ -m 'as in git'",
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
  private ApprovalOverride approvals = new ApprovalOverride();

  ConfigApply(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Map<Namespace, Content> contents = given.files(shell(), ns);
    if (dryRun) {
      return propose(store, contents);
    }
    review(store, contents);
    Map<Namespace, Release> releases = contents.isEmpty()
        ? Map.of()
        : store.publish(contents, overrides.allow(approvals.applyTo(signature.change(shell()))));
    shell()
        .output()
        .list(releases.values().stream().map(AppliedDocument::of).toList(), AppliedDocument.LAYOUT);
    return ExitCode.OK;
  }

  private void review(ConfigStore store, Map<Namespace, Content> contents)
      throws InterruptedException {
    int changed = 0;
    for (Map.Entry<Namespace, Content> each : contents.entrySet()) {
      Proposal proposal = store.propose(each.getKey(), each.getValue());
      if (!proposal.unchanged()) {
        review.show(shell(), each.getKey(), proposal);
        changed++;
      }
    }
    if (changed > 0) {
      review.confirm(shell(), "publish to " + changed + " namespaces");
    }
  }

  private ExitCode propose(ConfigStore store, Map<Namespace, Content> contents)
      throws InterruptedException {
    List<ProposalDocument> proposals = Drift.proposals(store, contents);
    shell().output().list(proposals, new ProposalDocument.Lines(List.of()));
    return proposals.stream().allMatch(each -> each.problems().isEmpty())
        ? ExitCode.OK
        : ExitCode.REJECTED;
  }
}
