package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.WatchOptions;
import io.zookit.admin.output.Output;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigStore;
import io.zookit.config.ConfigStoreBuilder;
import io.zookit.config.Content;
import io.zookit.config.GrayRelease;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import io.zookit.config.format.Diff;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.views.NamespaceShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/**
 * The commands that read the configuration, and what all commands about it share. On a conflict they show the differences of
 * both sides.
 */
public abstract class ConfigReadCommands extends CommandGroup {

  private static final String KEYS = "ZOOKIT_CONFIG_KEYS";
  static final String RELEASE = "The release: 57, @stable, @stable~1, @gray/NAME.";

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "The keys that open and seal secrets. Default: those in " + KEYS + ", if any.")
  @Nullable
  private Path keys;

  ConfigReadCommands(CommandContext context) {
    super(context);
  }

  /** A task with the store. */
  @FunctionalInterface
  public interface StoreTask {

    /** Does it. */
    void run(ConfigStore store) throws InterruptedException;
  }

  /** A task with the store that decides how the command ends. */
  @FunctionalInterface
  public interface StoreQuery {

    /** Does it. */
    ExitCode run(ConfigStore store) throws InterruptedException;
  }

  /** Runs a task with a store. */
  public void withStore(StoreTask task) throws InterruptedException {
    exitCode(store -> {
      task.run(store);
      return ExitCode.OK;
    });
  }

  /** Runs a task that the policy may refuse for want of approvals. */
  public void withStore(ApprovalOptions approvals, StoreTask task) throws InterruptedException {
    withStore(store -> approvals.run(context(), store, task));
  }

  /** Runs a task with a store, and returns the exit code. */
  public ExitCode exitCode(StoreQuery task) throws InterruptedException {
    return exitCode("", task);
  }

  /**
   * Runs a task with a store, and returns the exit code.
   *
   * @param remedy the commands that resolve a conflict; empty if there are none to suggest
   */
  public ExitCode exitCode(String remedy, StoreQuery task) throws InterruptedException {
    try (ZkClient client = context().connect()) {
      return task.run(open(client));
    } catch (ConfigConflictException e) {
      tell("yours", e.mine());
      tell("theirs", e.theirs());
      if (remedy.isEmpty()) {
        throw e;
      }
      throw new CommandException(ExitCode.CONFLICT, e.getMessage() + "; " + remedy, e);
    }
  }

  private ConfigStore open(ZkClient client) {
    ConfigStoreBuilder builder = ConfigStore.builder(client).timeout(context().timeout());
    if (keys != null) {
      builder.keys(KeyProvider.inFile(keys));
    } else if (context().environment().variables().containsKey(KEYS)) {
      builder.keys(KeyProvider.inEnvironment(KEYS));
    }
    return builder.build();
  }

  private void tell(String whose, Diff diff) {
    if (!diff.isEmpty()) {
      context().info(whose + ":");
      DiffDocument.lines(diff).forEach(line -> context().info("  " + line.text()));
    }
  }

  @Command(
      name = "get",
      description = "Show the content of a namespace, or the value of a key. Secrets are hidden.",
      footer = {
        "  zookit config get prod/checkout/limits",
        "  zookit config get prod/checkout/limits max-orders",
        "  zookit config get prod/checkout/limits -r @stable~1 --reveal"
      })
  public void get(
      @Mixin NamespaceArgument ns,
      @Parameters(index = "1", paramLabel = "KEY", arity = "0..1", description = "The key.")
          @Nullable
          String key,
      @Option(
              names = {"-r", "--release"},
              paramLabel = "REL",
              description = RELEASE + " Default: @stable.")
          @Nullable
          String name,
      @Option(names = "--reveal", description = "Open secrets.") boolean reveal)
      throws InterruptedException {
    withStore(store -> {
      requireInForce(ns.state(store), name != null);
      Release release = ns.release(store, name == null ? "@stable" : name);
      History history = store.history(ns.name());
      Content sealed = history.content(release.number());
      Content shown = ContentDocument.shown(history, sealed, reveal);
      if (key == null) {
        ContentDocument.of(release, shown).write(context());
      } else {
        showValue(release, key, shown, sealed.isSecret(key));
      }
    });
  }

  /** Rejects a deleted namespace, whose content is in force nowhere, unless a release is named explicitly. */
  private void requireInForce(NamespaceState state, boolean named) {
    if (!state.deleted()) {
      return;
    }
    String deleted = "namespace " + state.namespace() + " was deleted by " + state.by();
    if (!named) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          deleted + "; restore it with `zookit config ns restore " + state.namespace()
              + "`, or name a release: -r @stable");
    }
    context().info(deleted + "; what is shown is not in force");
  }

  private void showValue(Release release, String key, Content shown, boolean secret) {
    String value = shown
        .get(key)
        .orElseThrow(
            () -> new CommandException(ExitCode.NOT_FOUND, release + ": there is no key " + key));
    Output output = context().output();
    if (output.isTable()) {
      output.text(value + "\n", context().isOnTerminal());
    } else {
      output.show(
          new ContentDocument.ValueDocument(
              release.namespace().toString(), release.number(), key, value, secret),
          ContentDocument.ValueDocument.LAYOUT);
    }
  }

  @Command(
      name = "log",
      description =
          "List the releases of a namespace, newest first; NOW says which are stable, gray, voted on or pinned.",
      footer = {
        "  zookit config log prod/checkout/limits",
        "  zookit config log prod/checkout/limits -n 5 -o json"
      })
  public void log(
      @Mixin NamespaceArgument ns,
      @Option(
              names = "-n",
              paramLabel = "N",
              defaultValue = "20",
              description = "The greatest number of rows. Default: 20.")
          int most)
      throws InterruptedException {
    withStore(store -> {
      NamespaceState state = ns.state(store);
      List<GrayRelease> grays = state.grays().isEmpty() ? List.of() : store.grays(ns.name());
      List<ReleaseDocument.LoggedDocument> releases =
          store.history(ns.name()).releases(most).stream()
              .map(release -> ReleaseDocument.LoggedDocument.of(release, state, grays))
              .toList();
      context().output().list(releases, ReleaseDocument.LoggedDocument.LAYOUT);
    });
  }

  @Command(
      name = "show",
      description = "Show what is known of a release; its content is shown by `zookit config get`.",
      footer = {
        "  zookit config show prod/checkout/limits 57",
        "  zookit config show prod/checkout/limits @gray/trial"
      })
  public void show(
      @Mixin NamespaceArgument ns,
      @Parameters(index = "1", paramLabel = "REL", description = RELEASE) String name)
      throws InterruptedException {
    withStore(store -> ReleaseDocument.show(context(), ns.release(store, name)));
  }

  @Command(
      name = "diff",
      description = {
        "Compare two releases of a namespace, or files with the stable releases: what an apply would change.",
        "Secrets are hidden."
      },
      footer = {
        "  zookit config diff prod/checkout/limits 56..57",
        "  zookit config diff prod/checkout/limits @stable~1..@stable --side-by-side",
        "  zookit config diff prod/checkout/limits -f limits.properties",
        "  zookit config diff -f config/ --exit-code"
      })
  public ExitCode diff(
      @Parameters(
              index = "0",
              paramLabel = "NS",
              arity = "0..1",
              converter = NamespaceArgument.NamespaceConverter.class,
              description = "The namespace.")
          @Nullable
          Namespace ns,
      @Parameters(
              index = "1",
              paramLabel = "A..B",
              arity = "0..1",
              defaultValue = "",
              description = "The releases.")
          String range,
      @Mixin ContentSource source,
      @Mixin DiffOptions options)
      throws InterruptedException {
    return exitCode(store -> {
      if (source.isFile()) {
        return diffFiles(store, ns, source, options);
      }
      String[] ends = range.split("\\.\\.", -1);
      if (ns == null || ends.length != 2 || ends[0].isEmpty() || ends[1].isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE, "diff: \"" + range + "\" (expected: NS A..B, or -f)");
      }
      Diff diff = store.history(ns).diff(ends[0], ends[1]);
      return options.write(context(), ns, ends[0], ends[1], diff, !diff.isEmpty());
    });
  }

  private ExitCode diffFiles(
      ConfigStore store, @Nullable Namespace ns, ContentSource source, DiffOptions options)
      throws InterruptedException {
    Map<Namespace, Content> contents = source.files(context(), ns);
    if (ns != null) {
      PublishPreview preview = store.preview(ns, contents.values().iterator().next());
      return options.write(
          context(), ns, "@stable", "the file", preview.diff(), !preview.unchanged());
    }
    List<PublishPreviewDocument> changed = PublishPreviewDocument.ofAll(store, contents).stream()
        .filter(preview -> !preview.unchanged())
        .toList();
    context().output().list(changed, PublishPreviewDocument.layout(List.of()));
    return options.code(!changed.isEmpty());
  }

  @Command(
      name = "instances",
      description =
          "List the live instances that follow a namespace, and the releases they report.",
      footer = "  zookit config instances prod/checkout/limits")
  public void instances(@Mixin NamespaceArgument ns) throws InterruptedException {
    withStore(store -> {
      ns.state(store);
      InstanceDocument.list(context(), store.instances(ns.name()).stream());
    });
  }

  @Command(
      name = "who",
      description = {
        "List the live instances that run a release of a namespace.",
        "What all instances have: `zookit config instances`."
      },
      footer = {
        "  zookit config who prod/checkout/limits",
        "  zookit config who prod/checkout/limits 56 -o name"
      })
  public void who(
      @Mixin NamespaceArgument ns,
      @Parameters(
              index = "1",
              paramLabel = "REL",
              arity = "0..1",
              defaultValue = "@stable",
              description = RELEASE + " Default: @stable.")
          String name)
      throws InterruptedException {
    withStore(store -> {
      ns.state(store);
      int release = ns.release(store, name).number();
      InstanceDocument.list(
          context(), store.instances(ns.name()).stream().filter(each -> each.release() == release));
    });
  }

  @Command(
      name = "watch",
      description = {
        "Follow what is in force in a namespace until Ctrl-C: its state now, and each change.",
        "It is no instance that a rollout waits for."
      },
      footer = {
        "  zookit config watch prod/checkout/limits",
        "  zookit config watch prod/checkout/limits -o json --changes 1"
      })
  public void watch(@Mixin NamespaceArgument ns, @Mixin WatchOptions watching)
      throws InterruptedException {
    try (ZkClient client = context().connect();
        LiveValue<ConfigStore.Inventory> all = open(client).followNamespaces()) {
      all.awaitReady(context().timeout());
      watching.follow(
          context(), client, new WatchedNamespace(ns, all), NamespaceLayout.OF_NAMESPACE);
    }
  }

  /** The state of one of all namespaces. */
  private record WatchedNamespace(NamespaceArgument ns, LiveValue<ConfigStore.Inventory> all)
      implements WatchOptions.Composed<NamespaceShape> {

    @Override
    public List<Subscription> subscribe(Runnable changed) {
      return List.of(all.subscribe(inventory -> changed.run()));
    }

    @Override
    public NamespaceShape document() {
      return NamespaceShape.of(ns.state(all.current()));
    }
  }
}
