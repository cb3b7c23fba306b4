package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.config.InstanceReleaseStatus;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A live instance as programs see it.
 *
 * @param client what its client is called
 * @param status applied, rejected, stale, unsupported or overridden
 * @param release the release it works with; 0 for none
 * @param offered the release it was last asked to work with
 * @param reason why not applied; empty otherwise
 * @param notKept why the release it works with is not in its snapshot file; null if it is, or there is no folder for it
 */
record InstanceDocument(
    String instance,
    String incarnation,
    String client,
    String address,
    Map<String, String> labels,
    String status,
    int release,
    int offered,
    long epoch,
    long revision,
    String reason,
    @Nullable String notKept) {

  private static final Layout<InstanceDocument> LAYOUT = Layout.of(
      InstanceDocument::instance,
      Column.of("INSTANCE", InstanceDocument::instance),
      Column.of("CLIENT", InstanceDocument::client),
      new Column<>("STATUS", InstanceDocument::statusCell),
      Column.of("RELEASE", InstanceDocument::release),
      Column.of("REVISION", InstanceDocument::revision),
      Column.of("ADDRESS", InstanceDocument::address),
      Column.of("LABELS", each -> DisplayText.map(each.labels)),
      Column.of("REASON", InstanceDocument::why));

  static InstanceDocument of(InstanceReleaseStatus ack) {
    return new InstanceDocument(
        ack.instance().id(),
        ack.incarnation(),
        ack.client(),
        ack.instance().address(),
        ack.instance().labels(),
        DisplayText.of(ack.status()),
        ack.release(),
        ack.offered(),
        ack.epoch(),
        ack.revision(),
        ack.reason(),
        ack.notKept().orElse(null));
  }

  private Cell statusCell() {
    return notKept == null
        ? new Cell(status, style(status))
        : new Cell(status + ", not kept", status.equals("applied") ? Style.ODD : style(status));
  }

  private String why() {
    String kept = notKept == null ? "" : notKept;
    return reason.isEmpty() || kept.isEmpty() ? reason + kept : reason + "; not kept: " + kept;
  }

  private static Style style(String status) {
    return switch (status) {
      case "applied" -> Style.GOOD;
      case "rejected", "unsupported" -> Style.BAD;
      default -> Style.ODD;
    };
  }

  /** Writes what instances report. */
  static void list(CommandContext context, Stream<InstanceReleaseStatus> instances) {
    context.output().list(instances.map(InstanceDocument::of).toList(), LAYOUT);
  }
}
