package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes keys of a draft. */
@Command(
    name = "set",
    description = {
      "Set keys in a draft, which starts from the stable release; nothing is in force before it is published.",
      "The value - is the standard input: several lines whole, one line without its end. So no secret stands on a command line."
    },
    footer = {
      "  zookit config set prod/checkout/limits max-orders=200 burst=20",
      "  zookit config set prod/checkout/limits --secret tls-key=- < key.pem",
      "  zookit config publish prod/checkout/limits -m sale"
    })
final class ConfigSet extends NamespaceVerb {

  @Parameters(index = "1", arity = "1..*", paramLabel = "KEY=VALUE", description = "What to set.")
  private List<String> settings = List.of();

  @Option(names = "--secret", description = "These values are secret.")
  private boolean secret;

  @Option(names = "--draft", paramLabel = "NAME", description = "The draft. Default: main.")
  private String draft = Given.DRAFT;

  @Mixin
  private Signature signature = new Signature();

  ConfigSet(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Draft opened = store.drafts(ns()).open(draft);
    Content content = opened.content();
    Set<String> edited = new LinkedHashSet<>();
    for (String setting : settings) {
      int sign = setting.indexOf('=');
      if (sign < 1) {
        throw new CommandException(ExitCode.USAGE, "\"" + setting + "\" (expected: KEY=VALUE)");
      }
      String key = setting.substring(0, sign);
      String typed = setting.substring(sign + 1);
      warnOfExposed(store, key, typed);
      String value = value(key, typed);
      edited.add(key);
      content = secret ? content.withSecret(key, value) : content.with(key, value);
    }
    Draft saved = store.drafts(ns()).save(opened.withContent(content), signature.change(shell()));
    DraftNotes.write(shell(), store, opened, edited);
    DraftDocument.show(shell(), saved);
    return ExitCode.OK;
  }

  /** Warns of a secret given as an argument, which the process list and the history of the shell expose. */
  private void warnOfExposed(ConfigStore store, String key, String typed)
      throws InterruptedException {
    if (!typed.equals("-") && (secret || store.policy(ns()).isSecret(key))) {
      shell()
          .say("warning: the secret " + key + " was given on the command line, where other users"
              + " and the history of the shell can see it; use " + key
              + "=- and the standard input, and change this one");
    }
  }

  private String value(String key, String typed) {
    return typed.equals("-") ? shell().readValue(key) : typed;
  }
}
