package io.zookit.admin.command.lock;

import io.zookit.admin.output.Ages;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * Layout of locks, with how long they have been held.
 *
 * @param ages formats the time since a moment
 */
record LockLayout(Ages ages) {

  private static final long FEW_SEQUENCES = 1 << 20;

  Layout<LockDocument> ofLock() {
    return Layout.of(
            LockDocument::name,
            Column.of("NAME", LockDocument::name),
            Column.of("HELD BY", LockDocument::heldBy),
            Column.of("FOR", this::age),
            Column.of("WAITING", LockDocument::waiting),
            new Column<>("PERMITS", LockLayout::permits))
        .withPage(this::page);
  }

  private String age(LockDocument lock) {
    return lock.holders().stream()
        .findFirst()
        .map(holder -> ages.of(holder.since()))
        .orElse("");
  }

  private static Cell permits(LockDocument lock) {
    LockDocument.Permits permits = lock.permits();
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

  private Page page(LockDocument lock) {
    Page page = Page.of("lock " + lock.name())
        .field("holders", lock.holders().size())
        .field("waiting", lock.waiting());
    if (lock.permits() != null) {
      page.field(isNumbered(lock.queue()) ? "numbers" : "permits", permits(lock));
    }
    if (lock.sequencesLeft() < FEW_SEQUENCES) {
      page.field("requests left", new Cell(String.valueOf(lock.sequencesLeft()), Style.BAD));
    }
    return page.table(requestColumns(lock.queue()), lock.queue());
  }

  /** Returns the columns of requests, without those that would be empty. */
  List<Column<LockDocument.Request>> requestColumns(List<LockDocument.Request> requests) {
    List<Column<LockDocument.Request>> columns = new ArrayList<>(List.of(
        new Column<>("ROLE", LockLayout::role), Column.of("MODE", LockDocument.Request::mode)));
    if (requests.stream().anyMatch(request -> request.mode().equals("permits"))) {
      columns.add(Column.of("PERMITS", LockDocument.Request::permits));
    }
    if (isNumbered(requests)) {
      columns.add(Column.of("NUMBER", request -> DisplayText.orBlank(request.number())));
    }
    columns.add(Column.of("OWNER", LockDocument.Request::who));
    columns.add(Column.of("PID", request -> DisplayText.orBlank(request.pid())));
    columns.add(Column.of("FOR", request -> ages.of(request.since())));
    columns.add(Column.of("TOKEN", LockDocument.Request::token));
    if (requests.stream().anyMatch(request -> request.revoke() != null)) {
      columns.add(Column.of("ASKED BACK", request -> DisplayText.orBlank(request.revoke())));
    }
    return columns;
  }

  private static boolean isNumbered(List<LockDocument.Request> requests) {
    return requests.stream().anyMatch(request -> request.mode().equals("numbered"));
  }

  private static Cell role(LockDocument.Request request) {
    Style style = request.isHolder() ? Style.GOOD : request.isWaiter() ? Style.PLAIN : Style.ODD;
    return new Cell(request.role(), style);
  }
}
