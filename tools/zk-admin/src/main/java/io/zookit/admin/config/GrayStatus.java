package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows gray releases. */
@Command(
    name = "status",
    description =
        "Show how a gray release stands, or list all of a namespace in the order in which they are tried.",
    footer = {
      "  zookit config gray status prod/checkout/limits",
      "  zookit config gray status prod/checkout/limits sale -o json"
    })
final class GrayStatus extends NamespaceVerb {

  @Parameters(index = "1", paramLabel = "NAME", arity = "0..1", description = "The gray release.")
  private String name = "";

  GrayStatus(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (!name.isEmpty()) {
      shell().output().show(GrayDocument.of(gray(store, name)), GrayDocument.LAYOUT);
      return ExitCode.OK;
    }
    state(store);
    List<GrayDocument> all = new ArrayList<>();
    for (GrayRelease gray : store.grays(ns())) {
      all.add(GrayDocument.of(gray));
    }
    shell().output().list(all, GrayDocument.LAYOUT);
    return ExitCode.OK;
  }
}
