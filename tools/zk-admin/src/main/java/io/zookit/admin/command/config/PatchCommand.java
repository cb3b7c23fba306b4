package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import io.zookit.config.format.Format;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes a change of a few keys in one call. */
@Command(
    name = "patch",
    description = {
      "Set keys of the stable release and publish them as the next one, in one call and without a draft.",
      "The difference is shown first; on a terminal you are asked whether to go on. If another client publishes meanwhile,"
          + " it is a conflict, and nothing is changed.",
      "The value - is the standard input, so that no secret is on a command line."
    },
    footer = {
      "  zookit config patch prod/checkout/limits max-orders=200 -m 'sale' --wait",
      "  zookit config patch prod/checkout/limits burst=20 --unset max-burst --dry-run",
      "  zookit config patch prod/checkout/limits --secret tls-key=- -m 'new key' < key.pem"
    })
final class PatchCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Mixin
  private NamespaceArgument ns = new NamespaceArgument();

  @Parameters(
      index = "1",
      arity = "0..*",
      paramLabel = "KEY=VALUE",
      converter = ConfigCommand.KeyValue.KeyValueConverter.class,
      description = "What to set.")
  private List<ConfigCommand.KeyValue> settings = List.of();

  @Option(names = "--unset", paramLabel = "KEY", description = "What to remove. Repeatable.")
  private List<String> removed = List.of();

  @Option(names = "--secret", description = "These values are secret.")
  private boolean secret;

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

  PatchCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    if (settings.isEmpty() && removed.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, "patch: nothing to change (expected: KEY=VALUE, or --unset KEY)");
    }
    return config.exitCode("the same command tries again on the new release", this::patch);
  }

  private ExitCode patch(ConfigStore store) throws InterruptedException {
    CommandContext context = config.context();
    Content content = patched(store);
    PublishPreview preview = store.preview(ns.name(), content);
    if (dryRun) {
      return PublishPreviewDocument.show(
          context, ns.name(), preview, DiffDocument.lines(preview.diff()));
    }
    review.show(context, ns.name(), preview);
    review.confirm(context, "publish to " + ns);
    Change change = overrides.applyTo(approvals.applyTo(options.change(context)));
    Release release =
        store.publish(ns.name(), content, waiting.announce(change.onTopOf(preview.base())));
    ReleaseDocument.show(context, release);
    waiting.await(context, store, ns.name());
    return ExitCode.OK;
  }

  private Content patched(ConfigStore store) throws InterruptedException {
    OptionalInt stable = ns.state(store).stable();
    Content content = stable.isPresent()
        ? store.history(ns.name()).content(stable.getAsInt())
        : Content.of(Format.PROPERTIES, "");
    for (String key : removed) {
      if (content.get(key).isEmpty()) {
        throw new CommandException(ExitCode.NOT_FOUND, ns + ": there is no key " + key);
      }
      content = content.without(key);
    }
    for (ConfigCommand.KeyValue setting : settings) {
      String value = config.value(store, ns.name(), setting, secret);
      content =
          secret ? content.withSecret(setting.key(), value) : content.with(setting.key(), value);
    }
    return content;
  }
}
