package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import picocli.CommandLine.Command;

/** Shows a request for approval. */
@Command(
    name = "show",
    description = {
      "Show a change that waits for approval.",
      "Of a policy the difference is shown as a message; all of it with -o json."
    },
    footer = "  zookit config request show prod/checkout/limits rollback-3f2a9c1b")
final class RequestShow extends RequestVerb {

  RequestShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Drafts.ApprovalRequest request = request(store);
    shell().output().show(RequestDocument.of(request), RequestDocument.LAYOUT);
    if (request.policy().isPresent()) {
      PolicyChanges.between(store.policy(ns()), request.policy().get())
          .forEach(line -> shell().say("  " + line));
    }
    return ExitCode.OK;
  }
}
