package io.zookit.admin.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.config.NamespaceState;
import io.zookit.config.Policy;
import java.util.List;

/**
 * A namespace and its policy as programs see them.
 *
 * @param state the state, its fields unwrapped next to {@code policy}
 */
record DescriptionDocument(@JsonUnwrapped NamespaceDocument state, Policy policy) {

  static DescriptionDocument of(NamespaceState state, Policy policy) {
    return new DescriptionDocument(NamespaceDocument.of(state), policy);
  }

  /** Layout of a description. */
  static final class Lines implements Layout<DescriptionDocument> {

    @Override
    public String name(DescriptionDocument description) {
      return description.state.namespace();
    }

    @Override
    public List<Column<DescriptionDocument>> columns() {
      return List.of();
    }

    @Override
    public Page page(DescriptionDocument description) {
      Page page = NamespaceDocument.LAYOUT.page(description.state);
      page.field("epoch", description.state.epoch());
      page.field("last release", description.state.lastRelease());
      page.optional("pinned", Words.list(description.state.pins()));
      page.optional("layers", Words.list(description.state.layers()));
      return PolicyDocument.rules(page, description.policy);
    }
  }
}
