package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import io.zookit.config.GrayRelease;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.Release;
import picocli.CommandLine.Parameters;

/** A command about one namespace. */
abstract class NamespaceVerb extends ConfigVerb {

  @Parameters(
      index = "0",
      paramLabel = "NS",
      converter = NamespaceWords.class,
      description = "The namespace, ENV/APP/NS.")
  private Namespace namespace = Namespace.of("env", "app", "ns");

  NamespaceVerb(Shell shell) {
    super(shell);
  }

  /** The one it is about. */
  final Namespace ns() {
    return namespace;
  }

  /** Returns the current state of the namespace. */
  final NamespaceState state(ConfigStore store) throws InterruptedException {
    return store
        .state(namespace)
        .orElseThrow(() ->
            new CommandException(ExitCode.NOT_FOUND, "namespace " + namespace + " is not there"));
  }

  /** A release there by its name. */
  final Release release(ConfigStore store, String name) throws InterruptedException {
    return store
        .history(namespace)
        .find(name)
        .orElseThrow(() ->
            new CommandException(ExitCode.NOT_FOUND, namespace + ": there is no release " + name));
  }

  /** A saved draft there. */
  final Draft draft(ConfigStore store, String name) throws InterruptedException {
    return store
        .drafts(namespace)
        .find(name)
        .orElseThrow(() ->
            new CommandException(ExitCode.NOT_FOUND, namespace + ": there is no draft " + name));
  }

  /** A gray release there. */
  final GrayRelease gray(ConfigStore store, String name) throws InterruptedException {
    return store
        .gray(namespace, name)
        .orElseThrow(() -> new CommandException(
            ExitCode.NOT_FOUND, namespace + ": there is no gray release " + name));
  }
}
