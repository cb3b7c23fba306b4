package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command about one gray release. */
abstract class GrayVerb extends NamespaceVerb {

  @Parameters(index = "1", paramLabel = "NAME", description = "The gray release.")
  private String name = "";

  @Mixin
  private Signature signature = new Signature();

  GrayVerb(Shell shell) {
    super(shell);
  }

  /** The one it is about. */
  final GrayRelease gray(ConfigStore store) throws InterruptedException {
    return gray(store, name);
  }

  /** Returns the change with its author and its reason. */
  final Change change() {
    return signature.change(shell());
  }

  /** Writes how one stands now. */
  final ExitCode show(GrayRelease gray) throws InterruptedException {
    shell().output().show(GrayDocument.of(gray), GrayDocument.LAYOUT);
    return ExitCode.OK;
  }
}
