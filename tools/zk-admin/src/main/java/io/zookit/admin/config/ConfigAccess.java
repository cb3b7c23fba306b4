package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Verb;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Says where the command has gone: the policy is one for all modules, and stored. */
@Command(name = "access", hidden = true, description = "Replaced by zookit access.")
final class ConfigAccess extends Verb {

  @Unmatched
  @SuppressWarnings("UnusedVariable") // so that picocli refuses none of them
  private List<String> arguments = new ArrayList<>();

  ConfigAccess(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() {
    throw new CommandException(
        ExitCode.USAGE,
        "config access: there is one access policy for all modules now (expected: zookit access init, grant"
            + " and apply)");
  }
}
