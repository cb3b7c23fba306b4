package io.zookit.admin.command.access;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The commands about the access policy of a root. */
@Command(
    name = "access",
    description =
        "Which identities play which role, for all modules, and the access lists of the nodes.")
@VerbOrder({"init", "show", "grant", "revoke", "apply", "identity"})
public final class AccessCommand extends CommandGroup {

  private static final String UNTIL_APPLY =
      "nodes that exist keep their lists until zookit access apply";

  /** The most nodes that are named one by one on a terminal. */
  private static final int MOST_NAMED = 20;

  /** Creates the commands of a context. */
  public AccessCommand(CommandContext context) {
    super(context);
  }

  private AccessControl control(ZkClient client) {
    return AccessControl.in(client).within(context().timeout());
  }

  /** Parses a role. */
  static final class RoleConverter implements ITypeConverter<Role> {

    @Override
    public Role convert(String text) {
      return Role.named(text)
          .orElseThrow(() -> new TypeConversionException("\"" + text
              + "\" (expected: application, viewer, editor, publisher, operator or admin)"));
    }
  }

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
  ExitCode init(
      @Option(
              names = "--admin",
              paramLabel = "IDENTITY",
              required = true,
              description = "May do everything. Can be given several times.")
          List<String> admins,
      @Option(
              names = "--yes-lock-me-out",
              description = "Also if the identity that connects here is not one of the admins.")
          boolean lockOut,
      @Mixin Confirmation consent)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      AccessPolicy policy =
          AccessPolicy.sharedBy(admins.stream().map(Identity::parse).toArray(Identity[]::new));
      String what = "store an access policy for " + client.root() + " with " + admins.size()
          + (admins.size() == 1 ? " admin" : " admins");
      if (!consent.isGiven(context(), what)) {
        return ExitCode.OK;
      }
      AccessControl access = control(client);
      AccessControl.Survey top = (lockOut ? access.allowingLockOut() : access).init(policy);
      context().info("the access policy of " + client.root() + " is stored");
      context()
          .info("nodes that existed before below the folders of the modules keep their lists until"
              + " zookit access apply");
      return notChanged(top);
    }
  }

  @Command(
      name = "show",
      description = {
        "Show the stored access policy, and how many nodes have another list than it says: such as",
        "were written by older clients, or before the policy was changed."
      },
      footer = {"  zookit access show", "  zookit access show -o json"})
  void show() throws InterruptedException {
    try (ZkClient client = context().connect()) {
      AccessControl access = control(client);
      AccessPolicy policy = access
          .policy()
          .orElseThrow(() -> new CommandException(
              ExitCode.NOT_FOUND,
              client.root()
                  + ": no access policy is stored; each client applies its own (zookit access"
                  + " init stores one)"));
      context()
          .output()
          .show(AccessDocument.of(client.root(), policy, access.survey()), AccessDocument.LAYOUT);
    }
  }

  @Command(
      name = "grant",
      description = {
        "Give an identity a role: application, viewer, editor, publisher, operator or admin.",
        "All clients follow at once for what they create; nodes that exist keep their lists until",
        "zookit access apply."
      },
      footer = {
        "  zookit access grant application digest:shop:kfGb3Cr0s7bL5JPwIrJ8mXbnbjY=",
        "  zookit access grant publisher sasl:ana@EXAMPLE.ORG"
      })
  void grant(
      @Parameters(
              index = "0",
              paramLabel = "ROLE",
              converter = RoleConverter.class,
              description = "The role.")
          Role role,
      @Parameters(index = "1", paramLabel = "IDENTITY", description = "The identity that plays it.")
          String identity)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      Identity player = Identity.parse(identity);
      control(client).grant(role, player);
      context().info(player + " plays the role " + role + "; " + UNTIL_APPLY);
    }
  }

  @Command(
      name = "revoke",
      description =
          "Take a role from an identity. Nodes that exist keep their lists until zookit access apply.",
      footer = "  zookit access revoke publisher sasl:ana@EXAMPLE.ORG")
  void revoke(
      @Parameters(
              index = "0",
              paramLabel = "ROLE",
              converter = RoleConverter.class,
              description = "The role.")
          Role role,
      @Parameters(
              index = "1",
              paramLabel = "IDENTITY",
              description = "The identity that no longer plays it.")
          String identity,
      @Option(
              names = "--yes-lock-me-out",
              description =
                  "Also if the identity that connects here, or every identity, is not an admin afterwards.")
          boolean lockOut)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      AccessControl access = control(client);
      Identity player = Identity.parse(identity);
      boolean plays = access
          .policy()
          .filter(policy -> policy.identitiesOf(role).contains(player))
          .isPresent();
      if (!plays) {
        throw new CommandException(ExitCode.NOT_FOUND, player + " does not play the role " + role);
      }
      (lockOut ? access.allowingLockOut() : access).revoke(role, player);
      context().info(player + " does not play the role " + role + " any more; " + UNTIL_APPLY);
    }
  }

  @Command(
      name = "apply",
      description = {
        "Give every node below the root the access list that the stored policy says, and create the",
        "folders below the root that do not exist, such as that of the audit.",
        "It needs the permission ADMIN on a node; the others are named as not changed, and the exit code is 1."
      },
      footer = {"  zookit access apply --dry-run", "  zookit access apply --yes"})
  ExitCode apply(@Mixin Confirmation consent) throws InterruptedException {
    try (ZkClient client = context().connect()) {
      AccessControl access = control(client);
      AccessControl.Survey found = access.survey();
      if (found.deviations().isEmpty()) {
        context().info("all " + found.nodes() + " nodes have the lists of the policy");
        return ExitCode.OK;
      }
      String what = "give " + found.deviations().size() + " of " + found.nodes()
          + " nodes the list of the policy";
      if (!consent.isGiven(context(), what)) {
        return ExitCode.OK;
      }
      AccessControl.Survey applied = access.apply();
      context()
          .info(applied.changed() + " nodes changed, " + applied.deviations().size()
              + " not changed");
      return notChanged(applied);
    }
  }

  /** Says of each node that was not changed why. */
  private ExitCode notChanged(AccessControl.Survey survey) {
    survey.deviations().stream()
        .limit(MOST_NAMED)
        .forEach(each -> context().info(each.path() + ": " + each.reason()));
    if (survey.deviations().size() > MOST_NAMED) {
      context().info("and " + (survey.deviations().size() - MOST_NAMED) + " more");
    }
    return survey.deviations().isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
  }

  @Command(
      name = "identity",
      description = {
        "Show the identity of a user and password, as the other commands take it. The password is asked for, or read from",
        "the standard input. The algorithm must be the servers' digestAlg."
      },
      footer = {"  zookit access identity shop", "  zookit access identity shop < password"})
  void identity(
      @Parameters(paramLabel = "NAME", description = "The name of the user.") String name,
      @Option(
              names = "--algorithm",
              paramLabel = "NAME",
              defaultValue = "SHA1",
              description =
                  "The algorithm by which the servers hash passwords. Default: SHA1, as theirs.")
          String algorithm) {
    String password = context()
        .environment()
        .terminal()
        .flatMap(terminal -> terminal.askSecret("Password of " + name + ": "))
        .orElseGet(() -> context().readLine("password"));
    context().output().raw(Identity.digest(name, password, algorithm).asText() + "\n");
  }
}
