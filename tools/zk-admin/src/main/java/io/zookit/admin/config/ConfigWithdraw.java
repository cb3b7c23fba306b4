package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a vote. */
@Command(
    name = "withdraw",
    description = "End a vote of clients whose publisher is gone; nothing becomes stable.",
    footer = "  zookit config withdraw prod/checkout/limits -m 'nobody waits for it'")
final class ConfigWithdraw extends NamespaceVerb {

  @Mixin
  private Signature signature = new Signature();

  ConfigWithdraw(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    if (!store.withdraw(ns(), signature.change(shell()))) {
      throw new CommandException(ExitCode.NOT_FOUND, ns() + ": no vote is under way");
    }
    shell().say(ns() + ": the vote is over; nothing became stable");
    return ExitCode.OK;
  }
}
