package io.zookit.admin.command.config.draft;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.admin.command.config.policy.PolicyDocument;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The commands about requests for approval. */
@Command(
    name = "request",
    description =
        "Requests for approval: rollbacks, policies, deletions and other changes that are no drafts.")
@VerbOrder({"list", "show", "approve", "withdraw"})
public final class RequestCommand extends CommandGroup {

  private final ConfigCommand config;

  /** Below the commands about the configuration. */
  public RequestCommand(ConfigCommand config) {
    super(config.context());
    this.config = config;
  }

  /** A request, by its namespace and its id. */
  static final class RequestArgument {

    @Mixin
    private NamespaceArgument ns = new NamespaceArgument();

    @Parameters(index = "1", paramLabel = "REQUEST", description = "The id of the request.")
    private String id = "";

    Namespace ns() {
      return ns.name();
    }

    Drafts.ApprovalRequest of(ConfigStore store) throws InterruptedException {
      return store
          .drafts(ns())
          .request(id)
          .orElseThrow(() -> new CommandException(
              ExitCode.NOT_FOUND,
              ns + ": there is no request " + id + "; `zookit config request list " + ns
                  + "` lists them"));
    }
  }

  @Command(
      name = "list",
      description =
          "List the changes of a namespace that wait for approval; drafts are not among them.",
      footer = "  zookit config request list prod/checkout/limits")
  void list(@Mixin NamespaceArgument ns) throws InterruptedException {
    config.withStore(store -> {
      ns.state(store);
      List<RequestDocument> requests =
          store.drafts(ns.name()).requests().stream().map(RequestDocument::of).toList();
      context().output().list(requests, RequestDocument.LAYOUT);
    });
  }

  @Command(
      name = "show",
      description = {
        "Show a change that waits for approval.",
        "Of a policy the difference is shown as a message; all of it with -o json."
      },
      footer = "  zookit config request show prod/checkout/limits rollback-3f2a9c1b")
  void show(@Mixin RequestArgument argument) throws InterruptedException {
    config.withStore(store -> {
      Drafts.ApprovalRequest request = argument.of(store);
      context().output().show(RequestDocument.of(request), RequestDocument.LAYOUT);
      if (request.policy().isPresent()) {
        PolicyDocument.changes(store.policy(argument.ns()), request.policy().get())
            .forEach(line -> context().info("  " + line));
      }
    });
  }

  @Command(
      name = "approve",
      description = {
        "Approve a change that another requested, as it is.",
        "It counts for what is in force now; the requested command itself makes the change."
      },
      footer = "  zookit config request approve prod/checkout/limits rollback-3f2a9c1b")
  void approve(@Mixin RequestArgument argument, @Mixin ChangeOptions options)
      throws InterruptedException {
    config.withStore(store -> {
      Drafts.ApprovalRequest approved =
          store.drafts(argument.ns()).approve(argument.of(store), options.change(context()));
      context().output().show(RequestDocument.of(approved), RequestDocument.LAYOUT);
    });
  }

  @Command(
      name = "withdraw",
      description = "Delete a request for approval.",
      footer = "  zookit config request withdraw prod/checkout/limits rollback-3f2a9c1b --yes")
  void withdraw(@Mixin RequestArgument argument, @Mixin Confirmation consent)
      throws InterruptedException {
    config.withStore(store -> {
      Drafts.ApprovalRequest request = argument.of(store);
      String what =
          "withdraw request " + request.id() + " of " + argument.ns() + ", by " + request.author();
      if (consent.isGiven(context(), what)) {
        store.drafts(argument.ns()).withdraw(request);
        context().info("request " + request.id() + " is withdrawn");
      }
    });
  }

  /**
   * A request for approval as programs see it.
   *
   * @param action the requested action
   * @param subject the subject of the action
   * @param author the user that requested it, with the identities of the connection
   * @param approvals its approvers, with the identities of their connections
   * @param policy the policy to be set; null for none
   */
  record RequestDocument(
      String namespace,
      String id,
      String action,
      String subject,
      String author,
      Instant at,
      String message,
      List<String> approvals,
      @Nullable Policy policy) {

    static final Layout<RequestDocument> LAYOUT = Layout.of(
        RequestDocument::id,
        Column.of("REQUEST", RequestDocument::id),
        Column.of("ACTION", RequestDocument::action),
        Column.of("SUBJECT", RequestDocument::subject),
        Column.of("APPROVED BY", request -> DisplayText.list(request.approvals)),
        Column.of("BY", RequestDocument::author),
        Column.of("AT", request -> DisplayText.seconds(request.at)),
        Column.of("MESSAGE", RequestDocument::message));

    static RequestDocument of(Drafts.ApprovalRequest request) {
      return new RequestDocument(
          request.namespace().toString(),
          request.id(),
          DisplayText.of(request.action()),
          request.subject(),
          request.author(),
          request.at(),
          request.message(),
          request.approvals().stream().map(Drafts.Approval::toString).toList(),
          request.policy().orElse(null));
    }
  }
}
