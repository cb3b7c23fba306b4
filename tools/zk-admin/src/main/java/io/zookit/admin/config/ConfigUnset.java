package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes keys from a draft. */
@Command(
    name = "unset",
    description = "Remove keys from a draft, which starts from the stable release.",
    footer = "  zookit config unset prod/checkout/limits burst")
final class ConfigUnset extends NamespaceVerb {

  @Parameters(index = "1", arity = "1..*", paramLabel = "KEY", description = "What to remove.")
  private List<String> keys = List.of();

  @Option(names = "--draft", paramLabel = "NAME", description = "The draft. Default: main.")
  private String draft = Given.DRAFT;

  @Mixin
  private Signature signature = new Signature();

  ConfigUnset(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Draft opened = store.drafts(ns()).open(draft);
    Content content = opened.content();
    for (String key : keys) {
      if (content.get(key).isEmpty()) {
        throw new CommandException(ExitCode.NOT_FOUND, ns() + ": there is no key " + key);
      }
      content = content.without(key);
    }
    Draft saved = store.drafts(ns()).save(opened.withContent(content), signature.change(shell()));
    DraftNotes.write(shell(), store, opened, Set.copyOf(keys));
    DraftDocument.show(shell(), saved);
    return ExitCode.OK;
  }
}
