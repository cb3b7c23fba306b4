package io.zookit.admin.lock;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.lock.inspect.LockReport;
import java.util.List;

/**
 * The requests for a lock that a command revoked or broke.
 *
 * @param name of the lock
 * @param done the action: revoked, or broken
 * @param requests the requests it was applied to
 */
record RequestsDocument(String name, String done, List<LockDocument.Request> requests) {

  static RequestsDocument of(String name, String done, List<LockReport.Entry> entries) {
    return new RequestsDocument(
        name, done, entries.stream().map(LockDocument.Request::of).toList());
  }

  /** Layout of the requests. */
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
