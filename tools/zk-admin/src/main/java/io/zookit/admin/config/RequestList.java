package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists requests for approval. */
@Command(
    name = "list",
    description =
        "List the changes of a namespace that wait for approval; drafts are not among them.",
    footer = "  zookit config request list prod/checkout/limits")
final class RequestList extends NamespaceVerb {

  RequestList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    List<RequestDocument> requests =
        store.drafts(ns()).requests().stream().map(RequestDocument::of).toList();
    shell().output().list(requests, RequestDocument.LAYOUT);
    return ExitCode.OK;
  }
}
