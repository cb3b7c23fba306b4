package io.zookit.testkit.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

public class ReservedPortIT {

  @Test
  void any_reserved_refusesConnectionsAndIsGivenToNobody() throws Exception {
    try (ReservedPort port = ReservedPort.any();
        ServerSocket other = new ServerSocket()) {
      assertThatThrownBy(() -> new Socket(ReservedPort.loopback(), port.number()))
          .isInstanceOf(ConnectException.class);
      other.setReuseAddress(false);
      assertThatThrownBy(() -> other.bind(port.address())).isInstanceOf(BindException.class);
    }
  }

  @Test
  void any_reserved_canBeListenedOnAgainAndAgain() throws Exception {
    try (ReservedPort port = ReservedPort.any()) {
      for (int i = 0; i < 3; i++) {
        try (ServerSocket listener = new ServerSocket()) {
          listener.setReuseAddress(true);
          listener.bind(port.address());
          try (Socket client = new Socket(ReservedPort.loopback(), port.number());
              Socket accepted = listener.accept()) {
            assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
          }
        }
      }
    }
  }

  @Test
  void of_listenedOn_isTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, ReservedPort.loopback())) {
      assertThatThrownBy(() -> ReservedPort.of(other.getLocalPort()))
          .isInstanceOf(BindException.class);
    }
  }
}
