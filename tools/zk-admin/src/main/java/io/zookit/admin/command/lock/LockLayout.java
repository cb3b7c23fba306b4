package io.zookit.admin.command.lock;

import io.zookit.admin.output.Ages;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import io.zookit.lock.inspect.LockReport;
import io.zookit.views.LockShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Layout of locks, with how long they have been held.
 *
 * @param ages formats the time since a moment
 */
record LockLayout(Ages ages) {

  private static final long FEW_SEQUENCES = 1 << 20;

  Layout<LockShape> ofLock() {
    return Layout.of(
            LockShape::name,
            Column.of("NAME", LockShape::name),
            Column.of("HELD BY", LockLayout::heldBy),
            Column.of("FOR", this::age),
            Column.of("WAITING", LockLayout::waiting),
            new Column<>("PERMITS", LockLayout::permits))
        .withPage(this::page);
  }

  private String age(LockShape lock) {
    return holders(lock).stream()
        .findFirst()
        .map(holder -> ages.of(holder.since()))
        .orElse("");
  }

  private static Cell permits(LockShape lock) {
    LockShape.PermitShape permits = lock.permits();
    if (permits == null) {
      return Cell.of("");
    }
    String text = permits.inUse() + " of " + permits.maximum();
    if (permits.overCommit() > 0) {
      text += ", " + permits.overCommit() + " too many";
    }
    if (permits.unclear() > 0) {
      text += ", " + permits.unclear() + " unclear";
    }
    return new Cell(
        text, permits.inUse() + permits.unclear() > permits.maximum() ? Style.ODD : Style.PLAIN);
  }

  private Page page(LockShape lock) {
    Page page = Page.of("lock " + lock.name())
        .field("holders", holders(lock).size())
        .field("waiting", waiting(lock));
    if (lock.permits() != null) {
      page.field(isNumbered(lock.queue()) ? "numbers" : "permits", permits(lock));
    }
    if (lock.sequencesLeft() < FEW_SEQUENCES) {
      page.field("requests left", new Cell(String.valueOf(lock.sequencesLeft()), Style.BAD));
    }
    return page.table(requestColumns(lock.queue()), lock.queue());
  }

  /** Returns the columns of requests, without those that would be empty. */
  List<Column<LockShape.RequestShape>> requestColumns(List<LockShape.RequestShape> requests) {
    List<Column<LockShape.RequestShape>> columns = new ArrayList<>(List.of(
        new Column<>("ROLE", LockLayout::role),
        Column.of("MODE", request -> DisplayText.of(request.mode()))));
    if (requests.stream().anyMatch(request -> request.mode() == LockReport.Mode.PERMITS)) {
      columns.add(Column.of("PERMITS", LockShape.RequestShape::permits));
    }
    if (isNumbered(requests)) {
      columns.add(Column.of(
          "NUMBER", request -> DisplayText.orBlank(DisplayText.orNull(request.number()))));
    }
    columns.add(Column.of("OWNER", LockLayout::who));
    columns.add(Column.of("PID", request -> request.pid().map(String::valueOf).orElse("")));
    columns.add(Column.of("FOR", request -> ages.of(request.since())));
    columns.add(Column.of("TOKEN", LockShape.RequestShape::token));
    if (requests.stream().anyMatch(request -> request.revoke().isPresent())) {
      columns.add(Column.of("ASKED BACK", request -> request.revoke().orElse("")));
    }
    return columns;
  }

  private static boolean isNumbered(List<LockShape.RequestShape> requests) {
    return requests.stream().anyMatch(request -> request.mode() == LockReport.Mode.NUMBERED);
  }

  private static Cell role(LockShape.RequestShape request) {
    Style style = isHolder(request) ? Style.GOOD : isWaiter(request) ? Style.PLAIN : Style.ODD;
    return new Cell(DisplayText.of(request.role()), style);
  }

  static List<LockShape.RequestShape> holders(LockShape lock) {
    return lock.queue().stream().filter(LockLayout::isHolder).toList();
  }

  static long waiting(LockShape lock) {
    return lock.queue().stream().filter(LockLayout::isWaiter).count();
  }

  private static boolean isHolder(LockShape.RequestShape request) {
    return request.role() == LockReport.Role.HOLDER;
  }

  private static boolean isWaiter(LockShape.RequestShape request) {
    return request.role() == LockReport.Role.WAITER;
  }

  /** Returns the first holder and the number of further ones, in a few words. */
  static String heldBy(LockShape lock) {
    List<LockShape.RequestShape> holders = holders(lock);
    if (holders.isEmpty()) {
      return "nobody";
    }
    return who(holders.get(0))
        + (holders.size() > 1 ? " and " + (holders.size() - 1) + " more" : "");
  }

  /** Returns the owner and the party, or {@code unknown}. */
  private static String who(LockShape.RequestShape request) {
    return request
        .owner()
        .map(owner -> owner + request.party().map(party -> " " + party).orElse(""))
        .orElse("unknown");
  }
}
