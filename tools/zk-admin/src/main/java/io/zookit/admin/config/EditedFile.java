package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A temporary file that holds a text while the user edits it. The file is kept if its content was not used. */
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

  /** Opens the file in the user's editor and returns the content it has when the editor exits. */
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

  /** Records that the content was used, so that {@link #close} deletes the file. */
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
