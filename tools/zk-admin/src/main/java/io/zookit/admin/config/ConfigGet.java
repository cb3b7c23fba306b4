package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.History;
import io.zookit.config.NamespaceState;
import io.zookit.config.Release;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a content, or one value of it. */
@Command(
    name = "get",
    description = "Show the content of a namespace, or the value of a key. Secrets are hidden.",
    footer = {
      "  zookit config get prod/checkout/limits",
      "  zookit config get prod/checkout/limits max-orders",
      "  zookit config get prod/checkout/limits -r @stable~1 --reveal"
    })
final class ConfigGet extends NamespaceVerb {

  @Parameters(index = "1", paramLabel = "KEY", arity = "0..1", description = "The key.")
  private String key = "";

  @Option(
      names = {"-r", "--release"},
      paramLabel = "REL",
      description = "The release: 57, @stable, @stable~1, @gray/NAME. Default: @stable.")
  @Nullable
  private String name;

  @Option(names = "--reveal", description = "Open secrets.")
  private boolean reveal;

  ConfigGet(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    requireInForce(store);
    Release release = release(store, name == null ? "@stable" : name);
    History history = store.history(ns());
    Content sealed = history.content(release.number());
    Content shown = Contents.shown(history, sealed, reveal);
    if (key.isEmpty()) {
      Contents.write(shell(), ContentDocument.of(release, shown));
    } else {
      value(release, shown, sealed.isSecret(key));
    }
    return ExitCode.OK;
  }

  /** Rejects a deleted namespace, whose content is in force nowhere, unless a release is named explicitly. */
  private void requireInForce(ConfigStore store) throws InterruptedException {
    NamespaceState state = state(store);
    if (!state.deleted()) {
      return;
    }
    String deleted = "namespace " + ns() + " was deleted by " + state.by();
    if (name == null) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          deleted + "; restore it with `zookit config ns restore " + ns()
              + "`, or name a release: -r @stable");
    }
    shell().say(deleted + "; what is shown is not in force");
  }

  private void value(Release release, Content shown, boolean secret) {
    String value = shown
        .get(key)
        .orElseThrow(
            () -> new CommandException(ExitCode.NOT_FOUND, release + ": there is no key " + key));
    if (shell().output().isTable()) {
      shell().output().text(value + "\n", shell().isOnTerminal());
    } else {
      ValueDocument document =
          new ValueDocument(ns().toString(), release.number(), key, value, secret);
      shell().output().show(document, ValueDocument.LAYOUT);
    }
  }
}
