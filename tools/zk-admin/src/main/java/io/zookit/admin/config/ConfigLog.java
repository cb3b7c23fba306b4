package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import io.zookit.config.NamespaceState;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the releases of a namespace. */
@Command(
    name = "log",
    description = {
      "List the releases of a namespace, newest first; NOW says which are stable, gray, voted on or pinned."
    },
    footer = {
      "  zookit config log prod/checkout/limits",
      "  zookit config log prod/checkout/limits -n 5 -o json"
    })
final class ConfigLog extends NamespaceVerb {

  @Option(names = "-n", paramLabel = "N", description = "At most so many. Default: 20.")
  private int most = 20;

  ConfigLog(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    NamespaceState state = state(store);
    List<GrayRelease> grays = state.grays().isEmpty() ? List.of() : store.grays(ns());
    List<LoggedDocument> releases = store.history(ns()).releases(most).stream()
        .map(release -> LoggedDocument.of(release, state, grays))
        .toList();
    shell().output().list(releases, LoggedDocument.LAYOUT);
    return ExitCode.OK;
  }
}
