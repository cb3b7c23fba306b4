package io.zookit.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressesTest {

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          zk1                        | zk1:2181                     |
          zk1:2182                   | zk1:2182                     |
          10.0.0.7:2182              | 10.0.0.7:2182                |
          zk1:2181,zk2:2182          | zk1:2181 zk2:2182            |
          'zk1:2181, zk2 ,zk3:1'     | zk1:2181 zk2:2181 zk3:1      |
          [::1]:2182                 | ::1:2182                     |
          [::1]                      | ::1:2181                     |
          [fe80::1],[2001:db8::2]:1  | fe80::1:2181 2001:db8::2:1   |
          zk1:2181/app               | zk1:2181                     | /app
          zk1,zk2/app/team-a         | zk1:2181 zk2:2181            | /app/team-a
          zk1/                       | zk1:2181                     |
          [::1]/app                  | ::1:2181                     | /app
          """)
  void parse_valid_hasServersAndChroot(String text, String servers, String chroot) {
    ServerAddresses parsed = ServerAddresses.parse(text);
    assertThat(parsed.servers())
        .extracting(server -> server.getHostString() + ":" + server.getPort())
        .containsExactly(servers.split(" "));
    assertThat(parsed.servers()).allMatch(InetSocketAddress::isUnresolved);
    assertThat(parsed.chroot()).isEqualTo(chroot == null ? "" : chroot);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "zk1,",
        "zk1,,zk2",
        "zk1:",
        ":2181",
        "zk1:0",
        "zk1:-1",
        "zk1:65536",
        "zk1:port",
        "zk1:2181:2182",
        "::1",
        "fe80::1:2181",
        "[::1",
        "[::1]2181",
        "[]:2181",
        "zk 1:2181",
        "/app",
        "zk1//app",
        "zk1/app/",
        "zk1/app/../other",
        "zk1/app,zk2/app",
        "zk1:2181/app,zk2:2181/app",
        "zk1/a\u0000b"
      })
  void parse_malformed_isRefusedInTheHouseForm(String text) {
    assertThatThrownBy(() -> ServerAddresses.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("connectString: \"")
        .hasMessageContaining("\" (expected: host:port[,host:port...][/chroot]")
        .satisfies(e -> assertThat(e.getMessage()).matches("\\p{Print}+"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1:1", "[::1]:2", "localhost:1,127.0.0.2:2/app"})
  void areLoopback_thisMachine_isTrue(String text) {
    assertThat(ServerAddresses.parse(text).areLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.7",
        "localhost,10.0.0.7",
        "[2001:db8::1]",
        "0.0.0.0",
        "no-such-host.invalid"
      })
  void areLoopback_anyOtherMachine_isFalse(String text) {
    assertThat(ServerAddresses.parse(text).areLoopback()).isFalse();
  }

  @Test
  void areLoopback_oneOfMany_isFalse() {
    assertThat(ServerAddresses.parse("127.0.0.1,127.0.0.1,192.0.2.1").areLoopback())
        .isFalse();
  }
}
