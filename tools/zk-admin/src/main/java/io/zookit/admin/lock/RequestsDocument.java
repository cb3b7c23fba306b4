package io.zookit.admin.lock;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.lock.inspect.LockReport;
import java.util.List;

/**
 * Requests for a lock that something was done to.
 *
 * @param name of the lock
 * @param done what was done: revoked, or broken
 * @param requests to whom
 */
record RequestsDocument(String name, String done, List<LockDocument.Request> requests) {

  static RequestsDocument of(String name, String done, List<LockReport.Entry> entries) {
    return new RequestsDocument(
        name, done, entries.stream().map(LockDocument.Request::of).toList());
  }

  /** How it looks. */
  record Lines(LockLayout layout) implements Layout<RequestsDocument> {

    @Override
    public String name(RequestsDocument document) {
      return document.name;
    }

    @Override
    public List<Column<RequestsDocument>> columns() {
      return List.of();
    }

    @Override
    public Page page(RequestsDocument document) {
      LockDocument lock = new LockDocument(document.name, document.requests, null, 0);
      return Page.of("lock " + document.name + " " + document.done)
          .table(layout.requestColumns(lock), document.requests);
    }
  }
}
