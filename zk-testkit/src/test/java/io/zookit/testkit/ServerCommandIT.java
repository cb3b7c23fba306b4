package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.testkit.internal.host.ReservedPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class ServerCommandIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Pattern LISTENING = Pattern.compile(
      "ZooKeeper 3\\.\\d+\\.\\d+ listening on 127\\.0\\.0\\.1:(\\d+) \\(data: (.*), Ctrl-C stops it\\)");

  @TempDir
  private Path folder;

  @Test
  void run_outputThatCannotBeWritten_failsAndServesNothing() throws Exception {
    OutputStream full = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("the disk is full");
      }
    };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    for (List<String> arguments : List.of(List.of("--help"), List.of("--port", "0"))) {
      int code = ServerCommand.run(
          arguments,
          new PrintStream(full, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8));
      assertThat(code).as(arguments.toString()).isEqualTo(1);
    }
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot be written");
  }

  @Test
  @Tag("full")
  void run_anyPort_servesUntilSigtermAndLeavesNothing() throws Exception {
    try (ChildJvm command = command("--port", "0")) {
      Matcher line = listening(command);
      Path data = Path.of(line.group(2).replace(", temporary", ""));
      try (Raw client = Raw.connect("127.0.0.1:" + line.group(1))) {
        client.create("/a", CreateMode.PERSISTENT);
        assertThat(client.exists("/a")).isTrue();
      }
      assertThat(data).exists().startsWith(folder);
      assertThat(command.terminate(LONG)).isEqualTo(128 + 15);
      assertThat(data).doesNotExist();
      assertThat(Files.readAllLines(command.log())).containsExactlyElementsOf(command.lines());
    }
  }

  @Test
  @Tag("full")
  void run_dataGiven_keepsItOverRuns() throws Exception {
    String data = folder.resolve("made").toString();
    try (ChildJvm command = command("--data", data, "--port", "0")) {
      Matcher line = listening(command);
      assertThat(line.group(2)).isEqualTo(data);
      try (Raw client = Raw.connect("127.0.0.1:" + line.group(1))) {
        client.create("/kept", CreateMode.PERSISTENT);
      }
      command.terminate(LONG);
    }
    try (ChildJvm command = command("--port", "0", "--data", data);
        Raw client = Raw.connect("127.0.0.1:" + listening(command).group(1))) {
      assertThat(client.exists("/kept")).isTrue();
    }
  }

  @Test
  @Tag("full")
  void run_started_isNotReachableFromOutside() throws Exception {
    Optional<InetAddress> outside = NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .findFirst();
    try (ChildJvm command = command("--port", "0")) {
      int port = Integer.parseInt(listening(command).group(1));
      try (Socket inside = new Socket(ReservedPort.loopback(), port)) {
        assertThat(inside.isConnected()).isTrue();
      }
      outside.ifPresent(address ->
          assertThatThrownBy(() -> new Socket(address, port)).isInstanceOf(IOException.class));
    }
  }

  @Test
  void run_portTaken_exitsWith1AndSaysSo() throws Exception {
    try (ServerSocket other = new ServerSocket(0);
        ChildJvm command = command("--port", String.valueOf(other.getLocalPort()))) {
      assertThat(command.awaitExit(LONG)).hasValue(1);
      assertThat(Files.readAllLines(command.log()))
          .containsExactly("zookit server: port " + other.getLocalPort()
              + " is taken by another program (--port 0 takes any free one)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port x      | --port: \"x\" (expected: 0 to 65535)",
        "--port 65536  | --port: \"65536\" (expected: 0 to 65535)",
        "--port        | --port: nothing (expected: a value)",
        "--data pom.xml| --data: \"pom.xml\" (expected: a folder)",
        "start         | \"start\" (expected: --port N, --data DIR)"
      })
  void run_badArguments_givesUsageAnd2(String args, String message) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = ServerCommand.run(List.of(args.trim().split(" ", -1)), stream(out), stream(err));
    assertThat(code).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("zookit server: " + message + "\nUsage: zookit server [--port N] [--data DIR]");
  }

  @Test
  void run_help_printsUsage() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(ServerCommand.run(List.of("--help"), stream(out), stream(err))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: zookit server");
    assertThat(err.size()).isZero();
  }

  private ChildJvm command(String... args) {
    return ChildJvm.of(ServerCommand.class)
        .jvmOptions("-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + folder)
        .args(args)
        .start();
  }

  private static Matcher listening(ChildJvm command) throws InterruptedException {
    Matcher line = LISTENING.matcher(command.awaitLine(each -> true, LONG));
    assertThat(line.matches()).isTrue();
    return line;
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
