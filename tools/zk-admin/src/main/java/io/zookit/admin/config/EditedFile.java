package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A text in a file of its own while somebody edits it. The file stays when what is in it was not used. */
final class EditedFile implements AutoCloseable {

  private final Shell shell;
  private final Content before;
  private final Path file;
  private boolean done;

  private EditedFile(Shell shell, Content before, Path file) {
    this.shell = shell;
    this.before = before;
    this.file = file;
  }

  static EditedFile of(Shell shell, Content content) {
    try {
      Path file = Files.createTempFile("zookit-", "." + content.format().extension());
      Files.writeString(file, content.text());
      return new EditedFile(shell, content, file);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILURE, "no file to edit can be made", e);
    }
  }

  /** What the user leaves there. */
  Content edit() throws InterruptedException {
    Map<String, String> variables = shell.surroundings().variables();
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
    return Content.of(before.format(), shell.readFile(file));
  }

  /** What stands in it was used. */
  void isDone() {
    done = true;
  }

  @Override
  public void close() {
    if (!done) {
      shell.say("what you wrote is in " + file);
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      shell.say(file + ": cannot be deleted");
    }
  }
}
