package io.zookit.admin.config;

import io.zookit.config.Change;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that permit what is otherwise refused when a change makes a release stable. */
final class Overrides {

  @Mixin
  private FreezeOverride freeze = new FreezeOverride();

  @Option(
      names = "--abort-grays",
      description =
          "End the open gray releases with it, in one transaction: all instances get the stable release.")
  private boolean abortGrays;

  @Option(
      names = "--allow-open-grays",
      description = "Even while gray releases are open, which stay as they are.")
  private boolean allowOpenGrays;

  Change allow(Change change) {
    if (abortGrays && allowOpenGrays) {
      throw new IllegalArgumentException(
          "--abort-grays and --allow-open-grays: both given (expected: one of them)");
    }
    Change allowed = freeze.allow(change);
    allowed = abortGrays ? allowed.abortGrays() : allowed;
    return allowOpenGrays ? allowed.allowOpenGrays() : allowed;
  }
}
