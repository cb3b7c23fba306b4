package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.PublishPreview;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says whether a content could be published. */
@Command(
    name = "validate",
    description = "Say whether a draft or a file could be published, and why not.",
    footer = {
      "  zookit config validate prod/checkout/limits",
      "  zookit config validate prod/checkout/limits -f limits.properties"
    })
final class ConfigValidate extends NamespaceVerb {

  @Mixin
  private Given given = new Given();

  ConfigValidate(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    PublishPreview preview = given.isFile()
        ? store.preview(ns(), given.read(shell()))
        : store.preview(draft(store, given.draft()));
    shell()
        .output()
        .show(
            PublishPreviewDocument.of(ns(), preview), new PublishPreviewDocument.Lines(List.of()));
    return preview.problems().isEmpty() ? ExitCode.OK : ExitCode.REJECTED;
  }
}
