package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the approvals that the policy requires for changes other than of content. */
public final class ApprovalOptions {

  @Mixin
  private ApprovalOverride override = new ApprovalOverride();

  @Option(
      names = "--request-approval",
      description = "Where approvals are missing, request them instead of failing.")
  private boolean request;

  /** The option that does without missing approvals, for an emergency. */
  public static final class ApprovalOverride {

    @Option(
        names = "--override-approvals",
        description = "Do without the approvals that the policy requires, because of -m;"
            + " the audit says so.")
    private boolean override;

    /** Returns the change with that permission. */
    public Change applyTo(Change change) {
      return override ? change.overrideApprovals() : change;
    }
  }

  /** Returns the change with the permission to do without approvals, if it is given. */
  public Change applyTo(Change change) {
    return override.applyTo(change);
  }

  boolean isRequested() {
    return request;
  }

  /**
   * Runs a command that the policy may refuse for want of approvals; stores a request for them if that is wanted.
   *
   * @throws CommandException if approvals are missing and not to be requested; it names the options for that
   */
  void run(CommandContext context, ConfigStore store, ConfigReadCommands.StoreTask task)
      throws InterruptedException {
    try {
      task.run(store);
    } catch (ConfigRefusedException e) {
      if (e.request().isEmpty()) {
        throw e;
      }
      if (!request) {
        throw new CommandException(
            ExitCode.CONFLICT,
            e.getMessage() + "; --request-approval asks others for their approval, in an emergency"
                + " --override-approvals goes through without",
            e);
      }
      Drafts.ApprovalRequest missing = e.request().get();
      Drafts.ApprovalRequest stored = store.drafts(missing.namespace()).submit(missing);
      context.info("request " + stored.id() + " waits for approval; another person approves it with"
          + " `zookit config request approve " + stored.namespace() + " " + stored.id()
          + "`, then the same command goes through");
    }
  }
}
