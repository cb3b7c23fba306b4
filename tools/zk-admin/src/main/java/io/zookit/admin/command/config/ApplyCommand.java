package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes files as stable releases, all or none. */
@Command(
    name = "apply",
    description = {
      "Make the files of a folder stable, ENV/APP/NS.properties and so on, all in one transaction or none.",
      "With NS: one file, or the standard input. What is stable already makes no release.",
      "With --prune: namespaces of the same applications that have no file are deleted afterwards; they are shown first.",
      "Where the policy requires approvals, --request-approval saves the files as drafts; once others have approved"
          + " these (draft approve), the same files go through."
    },
    footer = {
      "  zookit config apply -f config/ -m 'as in git'",
      "  zookit config apply -f config/ -m 'as in git' --request-approval",
      "  zookit config apply -f config/ --dry-run",
      "  zookit config apply -f config/ --prune --yes -m 'as in git'",
      "  zookit config apply prod/checkout/limits -f - < limits.properties"
    })
final class ApplyCommand implements Callable<ExitCode> {

  /** The draft of its own that {@code apply} saves to, so that it never replaces what a person edits. */
  private static final String DRAFT = "apply";

  private final ConfigCommand config;
  private final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "NS",
      arity = "0..1",
      converter = NamespaceArgument.NamespaceConverter.class,
      description = "The namespace of a single file.")
  @Nullable
  private Namespace ns;

  @Mixin
  private ContentSource source = new ContentSource();

  @Mixin
  private ChangeOptions options = new ChangeOptions();

  @Mixin
  private PublishReview review = new PublishReview();

  @Mixin
  private ChangeOptions.StableOverrides overrides = new ChangeOptions.StableOverrides();

  @Option(names = "--dry-run", description = "Only say what would happen.")
  private boolean dryRun;

  @Option(
      names = "--prune",
      description =
          "Delete namespaces that have a release and no file, of the applications ENV/APP that have one.")
  private boolean prune;

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  ApplyCommand(ConfigCommand config) {
    this.config = config;
    this.context = config.context();
  }

  @Override
  public ExitCode call() throws InterruptedException {
    return config.exitCode(store -> {
      Map<Namespace, Content> contents = source.files(context, ns);
      List<Namespace> pruned = prune ? pruned(store, contents.keySet()) : List.of();
      if (dryRun) {
        return preview(store, contents);
      }
      apply(store, contents, pruned);
      return ExitCode.OK;
    });
  }

  /** Returns the namespaces without a file, after showing them. */
  private List<Namespace> pruned(ConfigStore store, Set<Namespace> files)
      throws InterruptedException {
    if (ns != null) {
      throw new CommandException(
          ExitCode.USAGE, "--prune: given with " + ns + " (expected: a folder)");
    }
    Set<String> applications =
        files.stream().map(file -> file.env() + "/" + file.app()).collect(Collectors.toSet());
    List<Namespace> pruned = new ArrayList<>();
    for (NamespaceState each : store.inventory().namespaces()) {
      Namespace name = each.namespace();
      if (!each.deleted()
          && each.stable().isPresent()
          && !files.contains(name)
          && applications.contains(name.env() + "/" + name.app())) {
        pruned.add(name);
        context.info(name + ": has no file and would be deleted; "
            + DisplayText.count(store.instances(name).size(), "live instance")
            + " would be notified");
      }
    }
    return pruned;
  }

  private ExitCode preview(ConfigStore store, Map<Namespace, Content> contents)
      throws InterruptedException {
    List<PublishPreviewDocument> previews = PublishPreviewDocument.ofAll(store, contents);
    context.output().list(previews, PublishPreviewDocument.layout(List.of()));
    return previews.stream().allMatch(each -> each.problems().isEmpty())
        ? ExitCode.OK
        : ExitCode.REJECTED;
  }

  private void apply(ConfigStore store, Map<Namespace, Content> contents, List<Namespace> pruned)
      throws InterruptedException {
    Map<Namespace, Content> changed = review(store, contents, pruned.size());
    Change change = options.change(context);
    if (approvals.isRequested() && saveDrafts(store, changed, change)) {
      return;
    }
    Map<Namespace, Release> releases = contents.isEmpty()
        ? Map.of()
        : store.publish(contents, overrides.applyTo(approvals.applyTo(change)));
    context
        .output()
        .list(releases.values().stream().map(AppliedDocument::of).toList(), AppliedDocument.LAYOUT);
    for (Namespace each : pruned) {
      approvals.run(context, store, granted -> {
        granted.delete(each, approvals.applyTo(change));
        context.info("namespace " + each + " is deleted; it can be restored");
      });
    }
  }

  /** The contents that differ from what is stable, after they were shown and confirmed. */
  private Map<Namespace, Content> review(
      ConfigStore store, Map<Namespace, Content> contents, int deleted)
      throws InterruptedException {
    Map<Namespace, Content> changed = new TreeMap<>();
    for (Map.Entry<Namespace, Content> each : contents.entrySet()) {
      PublishPreview preview = store.preview(each.getKey(), each.getValue());
      if (!preview.unchanged()) {
        review.show(context, each.getKey(), preview);
        changed.put(each.getKey(), each.getValue());
      }
    }
    String publish = "publish to " + DisplayText.count(changed.size(), "namespace");
    if (deleted > 0) {
      review.confirmDeletion(
          context, publish + " and delete " + DisplayText.count(deleted, "namespace"));
    } else if (!changed.isEmpty()) {
      review.confirm(context, publish);
    }
    return changed;
  }

  /**
   * Saves as drafts what no draft holds yet, where the policy requires approvals.
   *
   * @return whether anything was saved, and waits for approval now
   */
  private boolean saveDrafts(ConfigStore store, Map<Namespace, Content> contents, Change change)
      throws InterruptedException {
    boolean saved = false;
    for (Map.Entry<Namespace, Content> each : contents.entrySet()) {
      Namespace name = each.getKey();
      if (store.policy(name).approvals() > 0
          && store.drafts(name).holding(each.getValue()).isEmpty()) {
        saveDraft(store.drafts(name), each.getValue(), change);
        context.info(
            "draft " + DRAFT + " of " + name + " waits for approval; another person approves"
                + " it with `zookit config draft approve " + name + " " + DRAFT + "`");
        saved = true;
      }
    }
    if (saved) {
      context.info("nothing was published; once all are approved, the same command goes through");
    }
    return saved;
  }

  /** A draft of earlier files is replaced: its base and its authors are of those. */
  private static void saveDraft(Drafts drafts, Content content, Change change)
      throws InterruptedException {
    Optional<Draft> earlier = drafts.find(DRAFT);
    if (earlier.isPresent()) {
      drafts.discard(earlier.get());
    }
    drafts.save(drafts.open(DRAFT).withContent(content), change);
  }

  /**
   * The stable release of a namespace after an apply.
   *
   * @param namespace which has it
   * @param release its number
   * @param at when it was created, which may be long ago
   */
  record AppliedDocument(String namespace, int release, String author, Instant at) {

    static final Layout<AppliedDocument> LAYOUT = Layout.of(
        AppliedDocument::namespace,
        Column.of("NAMESPACE", AppliedDocument::namespace),
        Column.of("RELEASE", AppliedDocument::release),
        Column.of("BY", AppliedDocument::author),
        Column.of("AT", applied -> DisplayText.seconds(applied.at)));

    static AppliedDocument of(Release release) {
      return new AppliedDocument(
          release.namespace().toString(), release.number(), release.author(), release.at());
    }
  }
}
