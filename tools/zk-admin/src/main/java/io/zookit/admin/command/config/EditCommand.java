package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Opens a draft in an editor. */
@Command(
    name = "edit",
    description = {
      "Open a draft in the editor of VISUAL or EDITOR, else vi, and save it when the editor exits.",
      "A text that is not of its format is kept in a file and not saved."
    },
    footer = {
      "  zookit config edit prod/checkout/limits",
      "  EDITOR='code --wait' zookit config edit prod/checkout/limits --draft sale"
    })
final class EditCommand implements Callable<ExitCode> {

  private final ConfigCommand config;

  @Mixin
  private NamespaceArgument ns = new NamespaceArgument();

  @Mixin
  private ConfigCommand.DraftOption draft = new ConfigCommand.DraftOption();

  @Mixin
  private ChangeOptions options = new ChangeOptions();

  EditCommand(ConfigCommand config) {
    this.config = config;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    CommandContext context = config.context();
    if (!context.isOnTerminal()) {
      throw new CommandException(
          ExitCode.USAGE,
          "edit: there is no terminal (expected: one; elsewhere use set, or publish -f FILE)");
    }
    config.withStore(store -> {
      Draft opened = store.drafts(ns.name()).open(draft.name());
      try (EditedFile file = EditedFile.of(context, opened.content())) {
        Content edited = file.edit();
        if (edited.text().equals(opened.content().text()) && opened.isSaved()) {
          context.info("nothing was changed");
          return;
        }
        Draft saved =
            store.drafts(ns.name()).save(opened.withContent(edited), options.change(context));
        file.markUsed();
        DraftDocument.show(context, saved);
      }
    });
    return ExitCode.OK;
  }

  /** A temporary file that holds a text while the user edits it. The file is kept if its content was not used. */
  private static final class EditedFile implements AutoCloseable {

    private final CommandContext context;
    private final Content before;
    private final Path file;
    private boolean done;

    private EditedFile(CommandContext context, Content before, Path file) {
      this.context = context;
      this.before = before;
      this.file = file;
    }

    static EditedFile of(CommandContext context, Content content) {
      try {
        Path file = Files.createTempFile("zookit-", "." + content.format().extension());
        Files.writeString(file, content.text());
        return new EditedFile(context, content, file);
      } catch (IOException e) {
        throw new CommandException(ExitCode.FAILURE, "a file to edit cannot be created", e);
      }
    }

    /** Opens the file in the user's editor and returns the content it has when the editor exits. */
    Content edit() throws InterruptedException {
      Map<String, String> variables = context.environment().variables();
      String editor = variables.getOrDefault("VISUAL", variables.getOrDefault("EDITOR", "vi"));
      try {
        Process process = new ProcessBuilder(
                "/bin/sh", "-c", editor + " \"$1\"", "edit", file.toString())
            .inheritIO()
            .start();
        if (process.waitFor() != 0) {
          done = true;
          throw new CommandException(
              ExitCode.CANCELLED,
              editor + ": ended with " + process.exitValue() + "; nothing was saved");
        }
      } catch (IOException e) {
        throw new CommandException(ExitCode.FAILURE, editor + ": cannot be started", e);
      }
      Content edited = read();
      done = edited.text().equals(before.text());
      return edited;
    }

    private Content read() {
      return Content.of(before.format(), context.readFile(file));
    }

    /** Records that the content was used, so that {@link #close} deletes the file. */
    void markUsed() {
      done = true;
    }

    @Override
    public void close() {
      if (!done) {
        context.info("what you wrote is in " + file);
        return;
      }
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        context.info(file + ": cannot be deleted");
      }
    }
  }
}
