package io.zookit.admin.config;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigStore;
import io.zookit.config.ConfigStoreBuilder;
import io.zookit.config.format.Diff;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.ZkClient;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Base of the configuration commands. On a conflict it shows the differences of both sides. */
abstract class ConfigVerb extends ClusterVerb {

  private static final String KEYS = "ZOOKIT_CONFIG_KEYS";

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "The keys that open and seal secrets. Default: those in " + KEYS + ", if any.")
  @Nullable
  private Path keys;

  ConfigVerb(Shell shell) {
    super(shell);
  }

  /** Does it. */
  protected abstract ExitCode run(ConfigStore store) throws InterruptedException;

  @Override
  protected final ExitCode run(ZkClient client) throws InterruptedException {
    ConfigStoreBuilder builder = ConfigStore.builder(client).timeout(shell().timeout());
    if (keys != null) {
      builder.keys(KeyProvider.inFile(keys));
    } else if (shell().surroundings().variables().containsKey(KEYS)) {
      builder.keys(KeyProvider.inEnvironment(KEYS));
    }
    ConfigStore store = builder.build();
    try {
      return run(store);
    } catch (ConfigRefusedException e) {
      return onRefused(store, e);
    } catch (ConfigConflictException e) {
      tell("yours", e.mine());
      tell("theirs", e.theirs());
      String remedy = remedy();
      if (remedy.isEmpty()) {
        throw e;
      }
      throw new CommandException(ExitCode.CONFLICT, e.getMessage() + "; " + remedy, e);
    }
  }

  /** Returns the options for missing approvals; null for a command that needs no approval. */
  @Nullable
  ApprovalOptions approvals() {
    return null;
  }

  private ExitCode onRefused(ConfigStore store, ConfigRefusedException e)
      throws InterruptedException {
    ApprovalOptions options = approvals();
    if (e.request().isEmpty() || options == null) {
      throw e;
    }
    if (options.isRequested()) {
      ApprovalOptions.submit(shell(), store, e.request().get());
      return ExitCode.OK;
    }
    throw new CommandException(
        ExitCode.CONFLICT,
        e.getMessage() + "; --request-approval asks others for their approval, in an emergency"
            + " --override-approvals goes through without",
        e);
  }

  /** Returns the commands that resolve a conflict; empty if there are none to suggest. */
  String remedy() {
    return "";
  }

  private void tell(String whose, Diff diff) {
    if (!diff.isEmpty()) {
      shell().say(whose + ":");
      Differences.lines(diff).forEach(line -> shell().say("  " + line.text()));
    }
  }
}
