package io.zookit.admin.access;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.ZkClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stores the first policy. */
@Command(
    name = "init",
    description = {
      "Store an access policy for a root that has none, and create the folders of all modules below it.",
      "From then on every client takes the access lists of what it creates from the stored policy.",
      "The identity that connects here must be one of the admins; otherwise only a super user of the",
      "servers could change the policy again.",
      "An identity is digest:NAME:HASH (see zookit access identity), x509:DISTINGUISHED NAME or sasl:PRINCIPAL."
    },
    footer = {
      "  zookit access init --user admin --admin digest:admin:kfGb3Cr0s7bL5JPwIrJ8mXbnbjY=",
      "  zookit access init --admin x509:CN=admin --yes"
    })
final class AccessInit extends AccessVerb {

  @Option(
      names = "--admin",
      paramLabel = "IDENTITY",
      required = true,
      description = "May do everything. Can be given several times.")
  private List<String> admins = List.of();

  @Option(
      names = "--yes-lock-me-out",
      description = "Also if the identity that connects here is not one of the admins.")
  private boolean lockOut;

  @Mixin
  private Consent consent = new Consent();

  AccessInit(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AccessControl access, ZkClient client) throws InterruptedException {
    AccessPolicy policy =
        AccessPolicy.sharedBy(admins.stream().map(Identity::parse).toArray(Identity[]::new));
    String what = "store an access policy for " + client.root() + " with " + admins.size()
        + (admins.size() == 1 ? " admin" : " admins");
    if (!consent.isGiven(shell(), what)) {
      return ExitCode.OK;
    }
    AccessControl.Survey top = (lockOut ? access.allowingLockOut() : access).init(policy);
    shell().say("the access policy of " + client.root() + " is stored");
    shell()
        .say("nodes that existed before below the folders of the modules keep their lists until"
            + " zookit access apply");
    return notChanged(top);
  }
}
