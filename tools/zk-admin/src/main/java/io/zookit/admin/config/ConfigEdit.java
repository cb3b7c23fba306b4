package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Opens a draft in an editor. */
@Command(
    name = "edit",
    description = {
      "Open a draft in the editor of VISUAL or EDITOR, else vi, and save what you leave there.",
      "A text that is not of its format is kept in a file and not saved."
    },
    footer = {
      "  zookit config edit prod/checkout/limits",
      "  EDITOR='code --wait' zookit config edit prod/checkout/limits --draft sale"
    })
final class ConfigEdit extends NamespaceVerb {

  @Option(names = "--draft", paramLabel = "NAME", description = "The draft. Default: main.")
  private String draft = Given.DRAFT;

  @Mixin
  private Signature signature = new Signature();

  ConfigEdit(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (!shell().isOnTerminal()) {
      throw new CommandException(
          ExitCode.USAGE,
          "edit: there is no terminal (expected: one; elsewhere use set, or publish -f FILE)");
    }
    Draft opened = store.drafts(ns()).open(draft);
    try (EditedFile file = EditedFile.of(shell(), opened.content())) {
      Content edited = file.edit();
      if (edited.text().equals(opened.content().text()) && opened.isSaved()) {
        shell().say("nothing was changed");
        return ExitCode.OK;
      }
      Draft saved = store.drafts(ns()).save(opened.withContent(edited), signature.change(shell()));
      file.isDone();
      DraftDocument.show(shell(), saved);
      return ExitCode.OK;
    }
  }
}
