package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.gray.Instance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why an instance has a value. */
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
final class ConfigExplain extends NamespaceVerb {

  @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Option(names = "--instance", paramLabel = "ID", required = true, description = "The instance.")
  private String id = "";

  @Option(names = "--address", paramLabel = "IP", description = "Its address.")
  private String address = "";

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "One of its labels.")
  private Map<String, String> labels = new LinkedHashMap<>();

  ConfigExplain(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    List<ReasonDocument> reasons = store.explain(ns(), key, instance(store)).stream()
        .map(ReasonDocument::of)
        .toList();
    if (reasons.isEmpty()) {
      throw new CommandException(ExitCode.NOT_FOUND, ns() + ": no layer has a key " + key);
    }
    shell().output().list(reasons, ReasonDocument.LAYOUT);
    return ExitCode.OK;
  }

  private Instance instance(ConfigStore store) throws InterruptedException {
    if (!address.isEmpty() || !labels.isEmpty()) {
      return new Instance(id, address, labels);
    }
    return store.instances(ns()).stream()
        .map(InstanceReleaseStatus::instance)
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseGet(() -> Instance.named(id));
  }
}
