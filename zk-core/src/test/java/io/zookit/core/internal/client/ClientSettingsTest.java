package io.zookit.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.Identity;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {

  private final ClientSettings settings = ClientSettings.toAddress("localhost");

  @Test
  void with_anotherValue_leavesTheOriginal() {
    ClientSettings other = settings
        .withRoot("/a/b")
        .withSessionTimeout(Duration.ofSeconds(3))
        .withConnectTimeout(Duration.ofSeconds(4))
        .withLabel("shop")
        .withUnauthenticatedAllowed()
        .withEnsembleFollowed();

    assertThat(other.root()).isEqualTo(ZkPath.absolute("/a/b"));
    assertThat(other.sessionTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(other.connectTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(other.label()).isEqualTo("shop");
    assertThat(other.unauthenticatedAllowed()).isTrue();
    assertThat(other.ensembleFollowed()).isTrue();
    assertThat(settings.root()).isEqualTo(ZkPath.absolute("/zookit"));
    assertThat(settings.sessionTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.label()).isNull();
    assertThat(settings.unauthenticatedAllowed()).isFalse();
    assertThat(settings.ensembleFollowed()).isFalse();
  }

  @Test
  void connectTimeout_systemProperty_isTheDefaultAndIsChecked() {
    try {
      System.setProperty("zookit.connectTimeout", "PT30S");
      assertThat(ClientSettings.toAddress("localhost").connectTimeout())
          .isEqualTo(Duration.ofSeconds(30));
      System.setProperty("zookit.connectTimeout", "30");
      assertThatThrownBy(() -> ClientSettings.toAddress("localhost"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("zookit.connectTimeout: 30 (expected: a duration such as PT30S)");
    } finally {
      System.clearProperty("zookit.connectTimeout");
    }
  }

  @Test
  void toString_credentials_hideTheSecret() {
    ClientSettings secret =
        settings.withCredentials("digest", "ana:canary-7f3", Identity.digest("ana", "canary-7f3"));
    assertThat(Objects.requireNonNull(secret.credentials()).toString())
        .doesNotContain("canary-7f3");
    assertThat(Objects.requireNonNull(secret.credentials()).identity().toString())
        .doesNotContain("canary-7f3");
  }

  @Test
  void processLabel_thisProcess_isALabel() {
    String label = ProcessLabel.ofThisProcess();
    assertThat(label).endsWith(":" + ProcessHandle.current().pid());
    assertThat(settings.withLabel(label).label()).isEqualTo(label);
  }
}
