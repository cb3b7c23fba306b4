package io.zookit.testkit.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

public class PropertyScopeTest {

  private static final String KEY = "zookit.test.scope";

  @Test
  void close_overlappingInAnyOrder_isAsBefore() {
    PropertyScope first = PropertyScope.of(Map.of(KEY, "1"));
    PropertyScope second = PropertyScope.of(Map.of(KEY, "2"));
    assertThat(System.getProperty(KEY)).isEqualTo("2");
    first.close();
    assertThat(System.getProperty(KEY)).isEqualTo("2");
    second.close();
    second.close();
    assertThat(System.getProperty(KEY)).isNull();
  }

  @Test
  void close_setBefore_isThatAgain() {
    System.setProperty(KEY, "mine");
    try {
      PropertyScope first = PropertyScope.of(Map.of(KEY, "1"));
      PropertyScope second = PropertyScope.of(Map.of(KEY, "2"));
      second.close();
      assertThat(System.getProperty(KEY)).isEqualTo("1");
      first.close();
      assertThat(System.getProperty(KEY)).isEqualTo("mine");
    } finally {
      System.clearProperty(KEY);
    }
  }
}
