package io.zookit.admin.config;

import io.zookit.config.Change;
import picocli.CommandLine.Option;

/** Goes through a freeze window. */
final class FreezeOverride {

  @Option(names = "--override-freeze", description = "Even in a freeze window.")
  private boolean overrideFreeze;

  Change allow(Change change) {
    return overrideFreeze ? change.overrideFreeze() : change;
  }
}
