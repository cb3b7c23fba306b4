package io.zookit.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {

  @Test
  void settings_loopback_needNoProxy() {
    for (String host : new String[] {"127.0.0.1", "localhost", "::1"}) {
      assertThat(new HttpSettings(host, 0, Optional.empty(), false).isSecure()).isFalse();
    }
  }

  @Test
  void settings_otherAddressWithoutProxy_areRefused() {
    for (String host : new String[] {"0.0.0.0", "::", "10.0.0.7"}) {
      assertThatThrownBy(() -> new HttpSettings(host, 0, Optional.empty(), false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("--behind-proxy");
    }
  }

  @Test
  void settings_behindProxy_areSecure() {
    assertThat(new HttpSettings("0.0.0.0", 0, Optional.of("console.example.com"), false).isSecure())
        .isTrue();
  }

  @Test
  void settings_nameOfProxyThatIsNoHost_areRefused() {
    for (String name : new String[] {"", "https://a", "a/b", "a b", "a\r\nX: y"}) {
      assertThatThrownBy(() -> new HttpSettings("127.0.0.1", 0, Optional.of(name), false))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
