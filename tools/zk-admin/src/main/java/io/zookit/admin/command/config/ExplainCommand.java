package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.config.ConfigStore;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.gray.Instance;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains the value that an instance has. */
@Command(
    name = "explain",
    description = {
      "Say why an instance has the value it has, the strongest reason first.",
      "A live instance is known; of another one say its address and labels."
    },
    footer = {
      "  zookit config explain prod/checkout/limits max-orders --instance checkout-1",
      "  zookit config explain prod/checkout/limits max-orders --instance new-1 --label zone=a"
    })
final class ExplainCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Mixin
  private NamespaceArgument ns = new NamespaceArgument();

  @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Option(names = "--instance", paramLabel = "ID", required = true, description = "The instance.")
  private String id = "";

  @Option(names = "--address", paramLabel = "IP", description = "Its address.")
  private String address = "";

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "One of its labels.")
  private Map<String, String> labels = new LinkedHashMap<>();

  ExplainCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    config.withStore(store -> {
      ns.state(store);
      List<ReasonDocument> reasons = store.explain(ns.name(), key, instance(store)).stream()
          .map(ReasonDocument::of)
          .toList();
      if (reasons.isEmpty()) {
        throw new CommandException(ExitCode.NOT_FOUND, ns + ": no layer has a key " + key);
      }
      config.context().output().list(reasons, ReasonDocument.LAYOUT);
    });
    return ExitCode.OK;
  }

  private Instance instance(ConfigStore store) throws InterruptedException {
    if (!address.isEmpty() || !labels.isEmpty()) {
      return new Instance(id, address, labels);
    }
    return store.instances(ns.name()).stream()
        .map(InstanceReleaseStatus::instance)
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseGet(() -> Instance.named(id));
  }

  /**
   * A reason for a value as programs see it.
   *
   * @param layer the namespace it comes from
   * @param rule why this release
   */
  record ReasonDocument(
      String value, String layer, int release, String rule, String author, Instant at) {

    static final Layout<ReasonDocument> LAYOUT = Layout.of(
        ReasonDocument::value,
        Column.of("VALUE", ReasonDocument::value),
        Column.of("LAYER", ReasonDocument::layer),
        Column.of("RELEASE", ReasonDocument::release),
        Column.of("RULE", ReasonDocument::rule),
        Column.of("BY", ReasonDocument::author),
        Column.of("AT", reason -> DisplayText.seconds(reason.at)));

    static ReasonDocument of(ConfigStore.Explained reason) {
      return new ReasonDocument(
          reason.value(),
          reason.origin().layer(),
          reason.origin().release(),
          reason.origin().rule(),
          reason.origin().author(),
          reason.origin().at());
    }
  }
}
