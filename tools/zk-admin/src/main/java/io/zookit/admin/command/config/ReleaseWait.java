package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.DurationConverter;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ProgressLine;
import io.zookit.admin.output.DisplayText;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Waits until the live instances have what is in force. */
public final class ReleaseWait {

  private static final Duration LOOK = Duration.ofMillis(250);

  @Option(names = "--wait", description = "Wait until all live instances have it.")
  private boolean wait;

  @Option(
      names = "--within",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long to wait for the instances. Default: 1m.")
  private Duration within = Duration.ofMinutes(1);

  @Option(
      names = "--at-least",
      paramLabel = "N",
      converter = InstanceCount.class,
      description =
          "How many live instances there must be at least, so that none is no consent. Default: 1.")
  private int atLeast = 1;

  Duration within() {
    return within;
  }

  /** Returns the minimum number of live instances that must have it, or must have voted for it. */
  int atLeast() {
    return atLeast;
  }

  /** A number of instances as it is typed. */
  static final class InstanceCount implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
      if (!text.matches("\\d{1,6}")) {
        throw new TypeConversionException(
            "\"" + text + "\" (expected: a number of instances, 0 or more)");
      }
      return Integer.valueOf(text);
    }
  }

  /** Returns a change whose instances report at once if this command waits for them. */
  public Change announce(Change change) {
    return wait ? change.promptAcks(within) : change;
  }

  /** Waits, if that was asked for. Refused by one of them is rejected; too late is a time-out. */
  public void await(CommandContext context, ConfigStore store, Namespace ns)
      throws InterruptedException {
    Optional<NamespaceState> state = wait ? store.state(ns) : Optional.empty();
    if (state.isEmpty()) {
      return;
    }
    ProgressLine ticker = new ProgressLine(context);
    long start = context.environment().timekeeper().nanos();
    try {
      List<InstanceReleaseStatus> acks = store.instances(ns);
      while (!isDone(ns, acks, state.get(), ticker) || acks.size() < atLeast) {
        if (Duration.ofNanos(context.environment().timekeeper().nanos() - start).compareTo(within)
            > 0) {
          throw new CommandException(
              ExitCode.UNAVAILABLE,
              ns + ": it is in force, but after " + within + " "
                  + shortage(acks, state.get(), atLeast));
        }
        context.pause(LOOK);
        acks = store.instances(ns);
      }
    } catch (InterruptedException e) {
      throw new CommandException(
          ExitCode.CANCELLED,
          ns
              + ": it is in force; only the wait for the instances has ended. `zookit config instances "
              + ns + "` shows which have it, `zookit config rollback " + ns + "` takes it back",
          e);
    } finally {
      ticker.end();
    }
  }

  private static boolean isDone(
      Namespace ns, List<InstanceReleaseStatus> acks, NamespaceState state, ProgressLine ticker) {
    List<String> refused = acks.stream()
        .filter(ack -> hasSeen(ack, state) && isRefusal(ack.status()))
        .map(ack -> ack.instance().id() + ": " + ack.reason())
        .toList();
    if (!refused.isEmpty()) {
      throw new CommandException(
          ExitCode.REJECTED,
          ns + ": it is in force, but instances refuse it: " + String.join("; ", refused));
    }
    long have = acks.stream().filter(ack -> has(ack, state)).count();
    ticker.tell(have + " of " + acks.size() + " instances have it");
    return have == acks.size();
  }

  private static String shortage(
      List<InstanceReleaseStatus> acks, NamespaceState state, int least) {
    return acks.size() < least
        ? "it has " + DisplayText.count(acks.size(), "live instance") + " (expected: at least "
            + least + "; --at-least 0 takes none)"
        : "not all instances have it: " + late(acks, state);
  }

  private static String late(List<InstanceReleaseStatus> acks, NamespaceState state) {
    return acks.stream()
        .filter(ack -> !has(ack, state))
        .map(ack -> ack.instance().id())
        .collect(Collectors.joining(", "));
  }

  private static boolean has(InstanceReleaseStatus ack, NamespaceState state) {
    return hasSeen(ack, state)
        && (ack.status() == InstanceReleaseStatus.Status.APPLIED
            || ack.status() == InstanceReleaseStatus.Status.OVERRIDDEN);
  }

  private static boolean hasSeen(InstanceReleaseStatus ack, NamespaceState state) {
    return ack.epoch() > state.epoch()
        || (ack.epoch() == state.epoch() && ack.revision() >= state.revision());
  }

  private static boolean isRefusal(InstanceReleaseStatus.Status status) {
    return status == InstanceReleaseStatus.Status.REJECTED
        || status == InstanceReleaseStatus.Status.UNSUPPORTED;
  }
}
