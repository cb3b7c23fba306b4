package io.zookit.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {

  @Test
  void defaultConnectTimeout_systemProperty_isTheDefaultAndIsChecked() {
    try {
      System.setProperty("zookit.connectTimeout", "PT30S");
      assertThat(ClientSettings.defaultConnectTimeout()).isEqualTo(Duration.ofSeconds(30));
      System.setProperty("zookit.connectTimeout", "30");
      assertThatThrownBy(() -> ZkClient.builder("localhost"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("zookit.connectTimeout: 30 (expected: a duration such as PT30S)");
    } finally {
      System.clearProperty("zookit.connectTimeout");
    }
  }

  @Test
  void processLabel_thisProcess_isALabel() {
    String label = ProcessLabel.ofThisProcess();
    assertThat(label).endsWith(":" + ProcessHandle.current().pid());
    assertThat(ZkClient.builder("localhost").label(label)).isNotNull();
  }
}
