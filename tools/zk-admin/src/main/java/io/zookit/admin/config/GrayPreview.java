package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.gray.Audience;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the live instances that would get a gray release. */
@Command(
    name = "preview",
    description = "List the live instances that a gray release started now would reach.",
    footer = "  zookit config gray preview prod/checkout/limits --to 'percent(10)'")
final class GrayPreview extends NamespaceVerb {

  @Option(
      names = "--to",
      paramLabel = "AUDIENCE",
      required = true,
      converter = AudienceWords.class,
      description = "Who would get it.")
  private Audience audience = Audience.everyone();

  GrayPreview(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    List<MatchDocument> matched =
        store.preview(ns(), audience).stream().map(MatchDocument::of).toList();
    shell().output().list(matched, MatchDocument.LAYOUT);
    return ExitCode.OK;
  }
}
