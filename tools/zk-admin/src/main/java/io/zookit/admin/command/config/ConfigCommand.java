package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import io.zookit.config.format.Diff;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.Unmatched;

/** The commands about the configuration; those that change it are here. */
@Command(
    name = "config",
    description = "Configuration: publish, show, diff, roll back, gray releases.")
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
public final class ConfigCommand extends ConfigReadCommands {

  private static final List<Class<?>> VERBS = List.of(
      EditCommand.class,
      PublishCommand.class,
      PatchCommand.class,
      ApplyCommand.class,
      ExportCommand.class,
      CompareCommand.class,
      CopyCommand.class,
      SearchCommand.class,
      ExplainCommand.class,
      MovedAccess.class);

  /** Returns the verbs that are classes of their own, and more commands. */
  public static Class<?>[] verbsAnd(Class<?>... more) {
    return Stream.concat(VERBS.stream(), Stream.of(more)).toArray(Class<?>[]::new);
  }

  /** Creates the commands of a context. */
  public ConfigCommand(CommandContext context) {
    super(context);
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
      footer = "  zookit config withdraw prod/checkout/limits -m 'its publisher is gone'")
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
