package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.config.Change;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the author and the reason of a change of the configuration. */
public final class ChangeOptions {

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "Why; it is kept in the history.")
  private String message = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "The author. Default: the user of the connection, else of this process.")
  @Nullable
  private String by;

  /** Returns the reason. */
  public String message() {
    return message;
  }

  /** Returns a change by that author for that reason. */
  public Change change(CommandContext context) {
    return Change.by(by == null ? context.person() : by).because(message);
  }

  /** The option that permits a change in a freeze window. */
  public static final class FreezeOverride {

    @Option(names = "--override-freeze", description = "Even in a freeze window.")
    private boolean overrideFreeze;

    /** Returns the change with that permission. */
    public Change applyTo(Change change) {
      return overrideFreeze ? change.overrideFreeze() : change;
    }
  }

  /** Options that permit what is otherwise refused when a change creates a stable release. */
  static final class StableOverrides {

    @Mixin
    private FreezeOverride freeze = new FreezeOverride();

    @Option(
        names = "--abort-grays",
        description =
            "Abort the open gray releases in the same transaction: all instances get the stable release.")
    private boolean abortGrays;

    @Option(
        names = "--allow-open-grays",
        description = "Even while gray releases are open, which stay as they are.")
    private boolean allowOpenGrays;

    Change applyTo(Change change) {
      if (abortGrays && allowOpenGrays) {
        throw new IllegalArgumentException(
            "--abort-grays and --allow-open-grays: both given (expected: one of them)");
      }
      Change allowed = freeze.applyTo(change);
      allowed = abortGrays ? allowed.abortGrays() : allowed;
      return allowOpenGrays ? allowed.allowOpenGrays() : allowed;
    }
  }
}
