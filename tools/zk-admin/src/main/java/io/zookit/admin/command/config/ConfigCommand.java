package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.cli.WatchOptions;
import io.zookit.admin.output.Output;
import io.zookit.config.Change;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigStore;
import io.zookit.config.ConfigStoreBuilder;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.GrayRelease;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import io.zookit.config.format.Diff;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.ZkClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.Unmatched;

/** The commands about the configuration. On a conflict they show the differences of both sides. */
@Command(
    name = "config",
    description = "Configuration: publish, show, diff, roll back, gray releases.",
    subcommands = {
      EditCommand.class,
      PublishCommand.class,
      PatchCommand.class,
      ApplyCommand.class,
      ExportCommand.class,
      CompareCommand.class,
      CopyCommand.class,
      SearchCommand.class,
      ExplainCommand.class,
      AuditCommand.class,
      GcCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      ConfigCommand.MovedAccess.class
    })
@VerbOrder({
  "get",
  "set",
  "unset",
  "edit",
  "validate",
  "publish",
  "patch",
  "apply",
  "export",
  "log",
  "show",
  "diff",
  "compare",
  "copy",
  "search",
  "rollback",
  "withdraw",
  "pin",
  "unpin",
  "instances",
  "who",
  "explain",
  "watch",
  "audit",
  "gc",
  "backup",
  "restore",
  "access"
})
public final class ConfigCommand extends CommandGroup {

  private static final String KEYS = "ZOOKIT_CONFIG_KEYS";
  private static final String RELEASE = "The release: 57, @stable, @stable~1, @gray/NAME.";

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "The keys that open and seal secrets. Default: those in " + KEYS + ", if any.")
  @Nullable
  private Path keys;

  /** Creates the commands of a context. */
  public ConfigCommand(CommandContext context) {
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
  void get(
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
      name = "set",
      description = {
        "Set keys in a draft, which starts from the stable release; nothing is in force before it is published.",
        "The value - is the standard input: several lines whole, one line without its end. So no secret is on a command line."
      },
      footer = {
        "  zookit config set prod/checkout/limits max-orders=200 burst=20",
        "  zookit config set prod/checkout/limits --secret tls-key=- < key.pem",
        "  zookit config publish prod/checkout/limits -m sale"
      })
  void set(
      @Mixin NamespaceArgument ns,
      @Parameters(
              index = "1",
              arity = "1..*",
              paramLabel = "KEY=VALUE",
              converter = KeyValue.KeyValueConverter.class,
              description = "What to set.")
          List<KeyValue> settings,
      @Option(names = "--secret", description = "These values are secret.") boolean secret,
      @Mixin DraftOption draft,
      @Mixin ChangeOptions options)
      throws InterruptedException {
    withStore(store -> {
      Draft opened = store.drafts(ns.name()).open(draft.name());
      Content content = opened.content();
      Set<String> edited = new LinkedHashSet<>();
      for (KeyValue setting : settings) {
        String key = setting.key();
        String value = value(store, ns.name(), setting, secret);
        edited.add(key);
        content = secret ? content.withSecret(key, value) : content.with(key, value);
      }
      save(store, opened, content, edited, options);
    });
  }

  /** Returns the value of a setting, which may be on the standard input; warns of a secret that is not. */
  String value(ConfigStore store, Namespace ns, KeyValue setting, boolean secret)
      throws InterruptedException {
    if (setting.value().equals("-")) {
      return context().readValue(setting.key());
    }
    if (secret || store.policy(ns).isSecret(setting.key())) {
      warnOfExposed(setting.key());
    }
    return setting.value();
  }

  /** Warns of a secret given as an argument, which the process list and the history of the shell expose. */
  private void warnOfExposed(String key) {
    context()
        .info("warning: the secret " + key + " was given on the command line, where other users"
            + " and the history of the shell can see it; use " + key
            + "=- and the standard input, and change this one");
  }

  private void save(
      ConfigStore store, Draft opened, Content content, Set<String> edited, ChangeOptions options)
      throws InterruptedException {
    Draft saved = store
        .drafts(opened.namespace())
        .save(opened.withContent(content), options.change(context()));
    DraftDocument.noteEarlierChanges(context(), store, opened, edited);
    DraftDocument.show(context(), saved);
  }

  /** A setting, {@code KEY=VALUE}. */
  record KeyValue(String key, String value) {

    /** Parses a setting; unlike picocli's maps it leaves quotes in values alone. */
    static final class KeyValueConverter implements ITypeConverter<KeyValue> {

      @Override
      public KeyValue convert(String text) {
        int sign = text.indexOf('=');
        if (sign < 1) {
          throw new TypeConversionException("\"" + text + "\" (expected: KEY=VALUE)");
        }
        return new KeyValue(text.substring(0, sign), text.substring(sign + 1));
      }
    }
  }

  /** The option that names a draft. */
  static final class DraftOption {

    @Option(names = "--draft", paramLabel = "NAME", description = "The draft. Default: main.")
    private String name = ContentSource.DRAFT;

    String name() {
      return name;
    }
  }

  @Command(
      name = "unset",
      description = "Remove keys from a draft, which starts from the stable release.",
      footer = "  zookit config unset prod/checkout/limits burst")
  void unset(
      @Mixin NamespaceArgument ns,
      @Parameters(index = "1", arity = "1..*", paramLabel = "KEY", description = "What to remove.")
          List<String> keys,
      @Mixin DraftOption draft,
      @Mixin ChangeOptions options)
      throws InterruptedException {
    withStore(store -> {
      Draft opened = store.drafts(ns.name()).open(draft.name());
      Content content = opened.content();
      for (String key : keys) {
        if (content.get(key).isEmpty()) {
          throw new CommandException(ExitCode.NOT_FOUND, ns + ": there is no key " + key);
        }
        content = content.without(key);
      }
      save(store, opened, content, Set.copyOf(keys), options);
    });
  }

  @Command(
      name = "validate",
      description = "Say whether a draft or a file could be published, and why not.",
      footer = {
        "  zookit config validate prod/checkout/limits",
        "  zookit config validate prod/checkout/limits -f limits.properties"
      })
  ExitCode validate(@Mixin NamespaceArgument ns, @Mixin ContentSource source)
      throws InterruptedException {
    return exitCode(store -> {
      PublishPreview preview = source.isFile()
          ? store.preview(ns.name(), source.read(context()))
          : store.preview(ns.draft(store, source.draft()));
      return PublishPreviewDocument.show(context(), ns.name(), preview, List.of());
    });
  }

  @Command(
      name = "log",
      description =
          "List the releases of a namespace, newest first; NOW says which are stable, gray, voted on or pinned.",
      footer = {
        "  zookit config log prod/checkout/limits",
        "  zookit config log prod/checkout/limits -n 5 -o json"
      })
  void log(
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
  void show(
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
  ExitCode diff(
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
      name = "rollback",
      description = {
        "Make the content that was stable before stable again, as a new release.",
        "Again and again it goes further back; history stays as it is. The difference is shown as a message.",
        "In an emergency: --override-freeze goes through a freeze window, --abort-grays aborts open gray releases with it."
      },
      footer = {
        "  zookit config rollback prod/checkout/limits -m 'orders fail'",
        "  zookit config rollback prod/checkout/limits --to 55 --wait",
        "  zookit config rollback prod/checkout/limits --override-freeze --abort-grays -m 'orders fail'"
      })
  void rollback(
      @Mixin NamespaceArgument ns,
      @Option(
              names = "--to",
              paramLabel = "REL",
              description = "The release whose content to restore. Default: the one before.")
          @Nullable
          String to,
      @Mixin ChangeOptions options,
      @Mixin ChangeOptions.StableOverrides overrides,
      @Mixin ReleaseWait waiting,
      @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    withStore(approvals, store -> {
      int before = ns.state(store).lastRelease();
      Change change =
          waiting.announce(overrides.applyTo(approvals.applyTo(options.change(context()))));
      Release release = to == null
          ? store.rollback(ns.name(), change)
          : store.rollback(ns.name(), ns.release(store, to).number(), change);
      if (release.number() > before) {
        showChanges(store, release);
      }
      ReleaseDocument.show(context(), release);
      waiting.await(context(), store, ns.name());
    });
  }

  /** Writes as messages what a rollback has changed: an emergency has no time for a question. */
  private void showChanges(ConfigStore store, Release release) throws InterruptedException {
    int replaced = release.parent().orElse(0);
    if (replaced > 0) {
      Namespace ns = release.namespace();
      String number = Integer.toString(release.number());
      Diff diff = store.history(ns).diff(Integer.toString(replaced), number);
      context().info(ns + ": release " + number + " on top of " + replaced + ":");
      DiffDocument.lines(diff).forEach(line -> context().info("  " + line.text()));
    }
  }

  @Command(
      name = "withdraw",
      description = "End a vote of clients whose publisher is gone; nothing becomes stable.",
      footer = "  zookit config withdraw prod/checkout/limits -m 'nobody waits for it'")
  void withdraw(@Mixin NamespaceArgument ns, @Mixin ChangeOptions options)
      throws InterruptedException {
    withStore(store -> {
      ns.state(store);
      if (!store.withdraw(ns.name(), options.change(context()))) {
        throw new CommandException(ExitCode.NOT_FOUND, ns + ": no vote is under way");
      }
      context().info(ns + ": the vote is over; nothing became stable");
    });
  }

  @Command(
      name = "pin",
      description = "Keep a release indefinitely, whatever the retention.",
      footer = "  zookit config pin prod/checkout/limits 57 -m 'the audit wants it'")
  void pin(
      @Mixin NamespaceArgument ns,
      @Parameters(index = "1", paramLabel = "REL", description = RELEASE) String name,
      @Mixin ChangeOptions options)
      throws InterruptedException {
    withStore(store -> {
      Release release = ns.release(store, name);
      store.pin(ns.name(), release.number(), options.change(context()));
      context().info(release + " is pinned");
    });
  }

  @Command(
      name = "unpin",
      description = "Keep a release no longer than the retention says.",
      footer = "  zookit config unpin prod/checkout/limits 57")
  void unpin(
      @Mixin NamespaceArgument ns,
      @Parameters(index = "1", paramLabel = "REL", description = RELEASE) String name,
      @Mixin ChangeOptions options)
      throws InterruptedException {
    withStore(store -> {
      Release release = ns.release(store, name);
      store.unpin(ns.name(), release.number(), options.change(context()));
      context().info(release + " is not pinned");
    });
  }

  @Command(
      name = "instances",
      description =
          "List the live instances that follow a namespace, and the releases they report.",
      footer = "  zookit config instances prod/checkout/limits")
  void instances(@Mixin NamespaceArgument ns) throws InterruptedException {
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
  void who(
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
        "It asks once a second, and is no instance that a rollout waits for."
      },
      footer = {
        "  zookit config watch prod/checkout/limits",
        "  zookit config watch prod/checkout/limits -o json --changes 1"
      })
  void watch(@Mixin NamespaceArgument ns, @Mixin WatchOptions watching)
      throws InterruptedException {
    withStore(store -> watching.poll(
        context(), () -> NamespaceDocument.of(ns.state(store)), NamespaceDocument.LAYOUT));
  }

  /** Says where a former command has gone: there is one policy for all modules. */
  @Command(name = "access", hidden = true, description = "Replaced by zookit access.")
  static final class MovedAccess implements Runnable {

    @Unmatched
    @SuppressWarnings("UnusedVariable") // so that picocli refuses none of them
    private List<String> arguments = new ArrayList<>();

    @Override
    public void run() {
      throw new CommandException(
          ExitCode.USAGE,
          "config access: there is one access policy for all modules now (expected: zookit access init, grant"
              + " and apply)");
    }
  }
}
