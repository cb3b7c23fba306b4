package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceInstanceTest {

  private static final ServiceInstance PLAIN = ServiceInstance.at("payments", "10.0.0.7", 8080);

  @Test
  void at_anAddress_hasTheUsualValues() {
    assertThat(PLAIN.service()).isEqualTo("payments");
    assertThat(PLAIN.id()).isEqualTo("10.0.0.7-8080");
    assertThat(PLAIN.address()).isEqualTo("10.0.0.7:8080");
    assertThat(PLAIN.weight()).isEqualTo(100);
    assertThat(PLAIN.status()).isEqualTo(InstanceStatus.UP);
    assertThat(PLAIN.zone()).isEmpty();
    assertThat(PLAIN.version()).isEmpty();
    assertThat(PLAIN.ports()).isEmpty();
    assertThat(PLAIN.port("admin")).isEmpty();
    assertThat(PLAIN.metadata()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "fe80::1%eth0, fe80--1-eth0-80, [fe80::1%eth0]:80",
    "::1, h--1-80, [::1]:80",
    "my_service, my_service-80, my_service:80",
    "pay.example.org, pay.example.org-80, pay.example.org:80"
  })
  void at_otherHosts_hasAReadableId(String host, String id, String address) {
    ServiceInstance instance = ServiceInstance.at("payments", host, 80);
    assertThat(instance.id()).isEqualTo(id);
    assertThat(instance.address()).isEqualTo(address);
  }

  @Test
  void with_anything_isACopyWithThat() {
    ServiceInstance full = PLAIN
        .withId("blue-1")
        .withPort("admin", 9090)
        .withPort("debug", 9091)
        .withZone("a")
        .withVersion("1.2+7")
        .withWeight(0)
        .withMetadata("owner", "ana")
        .withMetadata("tier", "gold");
    assertThat(full.id()).isEqualTo("blue-1");
    assertThat(full.port("admin")).hasValue(9090);
    assertThat(full.ports()).isEqualTo(Map.of("admin", 9090, "debug", 9091));
    assertThat(full.zone()).contains("a");
    assertThat(full.version()).contains("1.2+7");
    assertThat(full.weight()).isZero();
    assertThat(full.metadata()).isEqualTo(Map.of("owner", "ana", "tier", "gold"));
    assertThat(full.withMetadata(Map.of()).metadata()).isEmpty();
    assertThat(PLAIN.weight()).isEqualTo(100);
    assertThat(full)
        .isNotEqualTo(PLAIN)
        .isEqualTo(full.withWeight(0))
        .hasSameHashCodeAs(full.withWeight(7));
  }

  @Test
  void with_badValues_saysWhatWasExpected() {
    assertThatThrownBy(() -> PLAIN.withWeight(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight: -1 (expected: 0 to 1000000)");
    assertThatThrownBy(() -> PLAIN.withPort("admin", 70_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port admin: 70000 (expected: 1 to 65535)");
    assertThatThrownBy(() -> PLAIN.withVersion("1 2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("version: \"1 2\" (expected: ");
    assertThatThrownBy(() -> ServiceInstance.at("payments", "10.0.0.7", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port: 0 (expected: 1 to 65535)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "~policy", "ü", ".a", "a\nb"})
  void names_outsideTheGrammar_areRefused(String name) {
    assertThatThrownBy(() -> ServiceInstance.at(name, "h", 80))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLAIN.withId(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLAIN.withZone(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLAIN.withPort(name, 80)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "http://a", "a\nb", "[::1]"})
  void at_badHost_isRefused(String host) {
    assertThatThrownBy(() -> ServiceInstance.at("payments", host, 80))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("host: ");
  }

  @Test
  void toString_withMetadata_doesNotShowThem() {
    assertThat(PLAIN.withZone("a").withMetadata("password", "secret"))
        .hasToString("payments/10.0.0.7-8080 at 10.0.0.7:8080 UP weight 100 zone a");
  }
}
