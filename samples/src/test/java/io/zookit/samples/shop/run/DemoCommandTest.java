package io.zookit.samples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir
  private Path folder;

  @Test
  void parse_options_areTaken() {
    assertThat(DemoOptions.parse(List.of()).connect()).isEmpty();
    assertThat(DemoOptions.parse(List.of()).fenced()).isTrue();
    assertThat(DemoOptions.parse(List.of("--unfenced")).fenced()).isFalse();
    assertThat(DemoOptions.parse(List.of("--connect", "a:1,b:2")).connect()).hasValue("a:1,b:2");
  }

  @Test
  void run_help_goesToStandardOutputAndIsNoFailure() {
    assertThat(run("--help")).isZero();
    assertThat(text(out))
        .contains("zookit demo", "--connect", "--unfenced", "failover-ms", "rollback-ms");
    assertThat(text(err)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void run_outputThatCannotBeWritten_fails() {
    OutputStream full = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("the disk is full");
      }
    };
    DemoTerminal terminal = new DemoTerminal(
        new PrintStream(full, true, StandardCharsets.UTF_8), stream(err), false, false, false);
    assertThat(new DemoCommand(terminal, DemoPlan.full(), folder).run(List.of("--help")))
        .isEqualTo(1);
    assertThat(text(err)).contains("the standard output cannot be written");
  }

  @Test
  void run_badArguments_exitsWith2AndPointsToTheHelp() {
    assertThat(run("--nonsense")).isEqualTo(2);
    assertThat(text(err)).contains("--nonsense", "--help");
    assertThat(text(out)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void run_addressThatIsNone_exitsWith2() {
    assertThat(run("--connect", "localhost:port")).isEqualTo(2);
    assertThat(text(err)).contains("localhost:port");
  }

  @Test
  void run_againstAnUnsupportedServer_saysSoInOneLine() throws Exception {
    try (ServerSocket old = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> answerVersion(old), "old-server");
      server.setDaemon(true);
      server.start();
      String address = "127.0.0.1:" + old.getLocalPort();
      assertThat(run("--connect", address)).isEqualTo(1);
      assertThat(text(err))
          .startsWith("zookit demo: " + address + ": ZooKeeper 3.6.4 ")
          .hasLineCount(1);
    }
  }

  private static void answerVersion(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getInputStream().readNBytes(4);
        socket
            .getOutputStream()
            .write(
                "Zookeeper version: 3.6.4-x, built on 2020\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?i).*(closed|reset|broken pipe).*");
      }
    }
  }

  private int run(String... arguments) {
    DemoTerminal terminal = new DemoTerminal(stream(out), stream(err), false, false, false);
    return new DemoCommand(terminal, DemoPlan.full(), folder).run(List.of(arguments));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
