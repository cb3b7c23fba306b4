package io.zookit.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

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

  private int run(String... arguments) {
    Terminal terminal = new Terminal(stream(out), stream(err), false, false);
    return new Demo(terminal, DemoPlan.full(), folder).run(List.of(arguments));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
