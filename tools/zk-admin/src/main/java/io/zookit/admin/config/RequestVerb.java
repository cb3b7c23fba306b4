package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import picocli.CommandLine.Parameters;

/** A command about one request for approval. */
abstract class RequestVerb extends NamespaceVerb {

  @Parameters(index = "1", paramLabel = "REQUEST", description = "The id of the request.")
  private String id = "";

  RequestVerb(Shell shell) {
    super(shell);
  }

  /** The request it is about. */
  final Drafts.ApprovalRequest request(ConfigStore store) throws InterruptedException {
    return store
        .drafts(ns())
        .request(id)
        .orElseThrow(() -> new CommandException(
            ExitCode.NOT_FOUND,
            ns() + ": there is no request " + id + "; `zookit config request list " + ns()
                + "` lists them"));
  }
}
