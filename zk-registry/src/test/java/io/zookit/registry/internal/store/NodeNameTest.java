package io.zookit.registry.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeNameTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x0123456789abcdefL})
  void parse_whatWasWritten_isTheSame(long incarnation) {
    NodeName name = new NodeName("blue-1.x_y", incarnation);
    assertThat(name.toString()).hasSize("blue-1.x_y".length() + 17);
    assertThat(NodeName.parse(name.toString())).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "i1",
        "i1@",
        "@0000000000000001",
        "i1@000000000000001",
        "i1@00000000000000001",
        "i1@000000000000000G",
        "i1@+000000000000001",
        "i1@000000000000000A",
        "i 1@0000000000000001",
        "a@b@0000000000000001",
        "~b00"
      })
  void parse_outsideTheGrammar_isEmpty(String name) {
    assertThat(NodeName.parse(name)).isEmpty();
  }

  @Test
  void bucketOf_anId_isStableAndWithinTheMask() {
    assertThat(ServicePaths.bucketOf("i1", 0)).isEqualTo("~b00");
    assertThat(ServicePaths.bucketOf("i1", 255)).isEqualTo("~b77");
    for (int i = 0; i < 1000; i++) {
      assertThat(ServicePaths.isBucket(ServicePaths.bucketOf("i" + i, 255))).isTrue();
    }
  }
}
