package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import io.zookit.config.GrayRelease;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.Release;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The namespace that a command is about, its first argument, and what is found in it by name. */
public final class NamespaceArgument {

  @Parameters(
      index = "0",
      paramLabel = "NS",
      converter = NamespaceConverter.class,
      description = "The namespace, ENV/APP/NS.")
  private Namespace namespace = Namespace.of("env", "app", "ns");

  /** Parses a namespace. */
  public static final class NamespaceConverter implements ITypeConverter<Namespace> {

    /** Creates a converter; for picocli. */
    public NamespaceConverter() {}

    @Override
    public Namespace convert(String text) {
      try {
        return Namespace.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Returns the namespace. */
  public Namespace name() {
    return namespace;
  }

  /** Returns the current state of the namespace. */
  public NamespaceState state(ConfigStore store) throws InterruptedException {
    return state(store, namespace);
  }

  /** Returns the current state of a namespace. */
  public static NamespaceState state(ConfigStore store, Namespace namespace)
      throws InterruptedException {
    return store.state(namespace).orElseThrow(() -> missing(namespace));
  }

  private static CommandException missing(Namespace namespace) {
    return new CommandException(
        ExitCode.NOT_FOUND,
        "namespace " + namespace + " does not exist; create it with `zookit config ns create "
            + namespace + "`");
  }

  /** Returns the state of the namespace, which is one of all. */
  NamespaceState state(ConfigStore.Inventory all) {
    String name = namespace.toString();
    all.unreadable().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .ifPresent(each -> {
          throw new CommandException(ExitCode.FAILURE, name + ": " + each.reason());
        });
    return all.namespaces().stream()
        .filter(each -> each.namespace().equals(namespace))
        .findFirst()
        .orElseThrow(() -> missing(namespace));
  }

  /** Returns a release by its name. */
  public Release release(ConfigStore store, String name) throws InterruptedException {
    return release(store, namespace, name);
  }

  /** Returns a release of a namespace by its name. */
  static Release release(ConfigStore store, Namespace namespace, String name)
      throws InterruptedException {
    return store
        .history(namespace)
        .find(name)
        .orElseThrow(() -> missing(namespace, "release", name, "config log"));
  }

  /** Returns a saved draft. */
  public Draft draft(ConfigStore store, String name) throws InterruptedException {
    return store
        .drafts(namespace)
        .find(name)
        .orElseThrow(() -> missing(namespace, "draft", name, "config draft list"));
  }

  /** Returns a gray release. */
  public GrayRelease gray(ConfigStore store, String name) throws InterruptedException {
    return store
        .gray(namespace, name)
        .orElseThrow(() -> missing(namespace, "gray release", name, "config gray status"));
  }

  private static CommandException missing(
      Namespace namespace, String kind, String name, String list) {
    return new CommandException(
        ExitCode.NOT_FOUND,
        namespace + ": there is no " + kind + " " + name + "; `zookit " + list + " " + namespace
            + "` lists them");
  }

  @Override
  public String toString() {
    return namespace.toString();
  }
}
