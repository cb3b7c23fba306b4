package io.zookit.admin.incarnation;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.core.ZkClient;
import java.util.List;

/**
 * The incarnation in force, as programs see it.
 *
 * @param root what it counts for
 */
record IncarnationDocument(long number, String root) {

  static IncarnationDocument of(long number, ZkClient client) {
    return new IncarnationDocument(number, client.root());
  }

  /** Layout of an incarnation. */
  static final class Lines implements Layout<IncarnationDocument> {

    @Override
    public String name(IncarnationDocument document) {
      return String.valueOf(document.number);
    }

    @Override
    public List<Column<IncarnationDocument>> columns() {
      return List.of();
    }

    @Override
    public Page page(IncarnationDocument document) {
      return Page.of("incarnation " + document.number).field("root", document.root);
    }
  }
}
