package io.zookit.admin.config;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Verb;
import io.zookit.config.ConfigStore;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.ZkClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sets access lists. */
@Command(
    name = "access",
    description = {
      "Give every node of the configuration its access list: members may do everything, the roles what they need.",
      "Whoever connects here is a member. Roles: application, editor, publisher, keeper, member.",
      "An identity is a scheme and an id: digest:NAME:HASH, x509:DISTINGUISHED NAME, sasl:PRINCIPAL."
    },
    footer = {
      "  zookit config access --user admin --grant application=digest:shop:kfGb3Cr0s7bL5JPwIrJ8mXbnbjY=",
      "  zookit config access --user admin --grant publisher=sasl:ana@EXAMPLE.ORG --yes"
    })
final class ConfigAccess extends Verb {

  @Option(names = "--grant", paramLabel = "ROLE=IDENTITY", description = "Who plays a role.")
  private List<String> grants = List.of();

  @Mixin
  private Consent consent = new Consent();

  ConfigAccess(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() throws InterruptedException {
    AccessPolicy policy = AccessPolicy.sharedBy(Identity.creator());
    for (String grant : grants) {
      policy = Grant.parse(grant).addTo(policy);
    }
    String what = "set the access lists of all configuration: " + grants.size()
        + " identities beside whoever connects here";
    if (consent.isGiven(shell(), what)) {
      try (ZkClient client = shell().connect(policy)) {
        int nodes = ConfigStore.builder(client)
            .patience(shell().timeout())
            .build()
            .upkeep()
            .setUpAccess();
        shell().say(nodes + " nodes have their access lists");
      }
    }
    return ExitCode.OK;
  }
}
