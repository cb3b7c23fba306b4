package io.zookit.registry.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.registry.internal.store.NodeRef;
import org.junit.jupiter.api.Test;

final class InvalidationsTest {

  private static final NodeRef NODE = new NodeRef("~b00", "i1@0000000000000001");

  private final Invalidations invalid = new Invalidations();

  @Test
  void delete_nodeToBeRead_isNotReadAnyMore() {
    invalid.add(NODE);
    invalid.delete(NODE);

    assertThat(invalid.nodes()).isEmpty();
    assertThat(invalid.deleted()).containsExactly(NODE);
    assertThat(invalid.isEmpty()).isFalse();
  }

  @Test
  void add_deletedNode_isReadAgain() {
    invalid.delete(NODE);
    invalid.add(NODE);

    assertThat(invalid.nodes()).containsExactly(NODE);
    assertThat(invalid.deleted()).isEmpty();
  }

  @Test
  void add_earlierInvalidations_laterEventsCount() {
    NodeRef other = new NodeRef("~b00", "i2@0000000000000002");
    Invalidations earlier = new Invalidations();
    earlier.add(NODE);
    earlier.delete(other);
    invalid.delete(NODE);
    invalid.add(other);
    invalid.add(earlier);

    assertThat(invalid.deleted()).containsExactly(NODE);
    assertThat(invalid.nodes()).containsExactly(other);
  }

  @Test
  void isOnlyDeletions_somethingIsToBeRead_isFalse() {
    assertThat(invalid.isOnlyDeletions()).isFalse();
    invalid.delete(NODE);
    assertThat(invalid.isOnlyDeletions()).isTrue();
    invalid.add(new NodeRef("~b00", "i2@0000000000000002"));
    assertThat(invalid.isOnlyDeletions()).isFalse();
  }
}
