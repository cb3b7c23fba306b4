package io.zookit.admin.access;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Verb;
import io.zookit.core.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Works out the identity of a digest user. */
@Command(
    name = "identity",
    description = {
      "Show the identity of a user and password, as the other commands take it. The password is asked for, or read from",
      "the standard input. The algorithm must be the servers' digestAlg."
    },
    footer = {"  zookit access identity shop", "  zookit access identity shop < password"})
final class AccessIdentity extends Verb {

  @Parameters(paramLabel = "NAME", description = "The name of the user.")
  private String name = "";

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      defaultValue = "SHA1",
      description = "By which the servers hash passwords. Default: SHA1, as theirs.")
  private String algorithm = "SHA1";

  AccessIdentity(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() {
    String password = shell()
        .surroundings()
        .terminal()
        .flatMap(terminal -> terminal.askSecret("Password of " + name + ": "))
        .orElseGet(() -> shell().readLine("password"));
    shell().output().raw(Identity.digest(name, password, algorithm).asText() + "\n");
    return ExitCode.OK;
  }
}
