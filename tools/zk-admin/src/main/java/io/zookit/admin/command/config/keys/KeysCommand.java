package io.zookit.admin.command.config.keys;

import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.config.Maintenance;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about data keys. */
@Command(name = "keys", description = "Data keys of secrets.")
@VerbOrder({"list", "rotate"})
public final class KeysCommand extends CommandGroup {

  private final ConfigCommand config;

  /** Below the commands about the configuration. */
  public KeysCommand(ConfigCommand config) {
    super(config.context());
    this.config = config;
  }

  @Command(
      name = "list",
      description = "List the data keys of an environment, oldest first; the last one seals.",
      footer = "  zookit config keys list prod")
  void list(@Parameters(paramLabel = "ENV", description = "The environment.") String env)
      throws InterruptedException {
    config.withStore(store -> {
      List<KeyDocument> found =
          store.maintenance().keys(env).stream().map(KeyDocument::of).toList();
      context().output().list(found, KeyDocument.LAYOUT);
    });
  }

  @Command(
      name = "rotate",
      description = {
        "Wrap all data keys of an environment with the current key of --keys; no release changes.",
        "With --data: create a new data key that seals from now on."
      },
      footer = {
        "  zookit config keys rotate prod --keys ~/.zookit-keys",
        "  zookit config keys rotate prod --keys ~/.zookit-keys --data"
      })
  void rotate(
      @Parameters(paramLabel = "ENV", description = "The environment.") String env,
      @Option(names = "--data", description = "Create a new data key.") boolean data)
      throws InterruptedException {
    config.withStore(store -> context()
        .info(
            data
                ? "data key " + store.maintenance().newDataKey(env) + " seals from now on"
                : "wrapped " + DisplayText.count(store.maintenance().rotateKeys(env), "data key")
                    + " with the current key"));
  }

  /**
   * A data key as programs see it.
   *
   * @param id what sealed values call it
   * @param master the key it is wrapped with
   */
  record KeyDocument(String id, String master, Instant at) {

    static final Layout<KeyDocument> LAYOUT = Layout.of(
        KeyDocument::id,
        Column.of("KEY", KeyDocument::id),
        Column.of("WRAPPED WITH", KeyDocument::master),
        Column.of("AT", key -> DisplayText.seconds(key.at)));

    static KeyDocument of(Maintenance.Key key) {
      return new KeyDocument(key.id(), key.master(), key.at());
    }
  }
}
