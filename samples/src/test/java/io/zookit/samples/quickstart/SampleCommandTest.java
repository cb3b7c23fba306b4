package io.zookit.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.quickstart.SampleCommand.QuickStart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SampleCommandTest {

  private static final Path SOURCES = Path.of(System.getProperty("basedir", ""))
      .resolve("src/main/java/io/zookit/samples/quickstart");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void run_withoutArguments_listsEverySample() {
    assertThat(run()).isZero();
    assertThat(text(out)).contains("--connect HOSTS", "samples/src/main/java");
    assertThat(SampleCommand.all())
        .allSatisfy(sample -> assertThat(text(out)).contains("  " + sample.name() + " "));
    assertThat(text(err)).isEmpty();
  }

  @Test
  void run_unknownName_exitsWith2() {
    assertThat(run("FencedLook")).isEqualTo(2);
    assertThat(text(err)).contains("FencedLook: no such sample", "See: zookit sample");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void run_unknownOption_exitsWith2() {
    assertThat(run("FencedLock", "--conect", "localhost:2181")).isEqualTo(2);
    assertThat(text(err)).contains("--conect (expected: --connect HOSTS)");
  }

  @Test
  void run_addressThatIsNone_exitsWith1() {
    assertThat(run("FencedLock", "--connect", "localhost:port")).isEqualTo(1);
    assertThat(text(err))
        .startsWith("zookit sample: FencedLock failed: ")
        .contains("localhost:port");
  }

  @Test
  void run_outputThatCannotBeWritten_exitsWith1() {
    OutputStream full = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("the disk is full");
      }
    };
    PrintStream broken = new PrintStream(full, true, StandardCharsets.UTF_8);
    assertThat(SampleCommand.run(List.of(), broken, stream(err))).isEqualTo(1);
    assertThat(text(err)).contains("the standard output cannot be written");
  }

  @Test
  void isCalled_otherSpelling_isTheSame() {
    QuickStart sample = new QuickStart("FencedLock", "", args -> {});
    assertThat(List.of("FencedLock", "fencedlock", "fenced-lock")).allMatch(sample::isCalled);
    assertThat(sample.isCalled("Fenced")).isFalse();
  }

  @Test
  void files_ofSamples_haveAtMost80LinesAndAreListed() throws IOException {
    List<String> names = SampleCommand.all().stream().map(QuickStart::name).toList();
    try (Stream<Path> files = Files.list(SOURCES)) {
      assertThat(files.filter(file -> file.toString().endsWith("Sample.java")))
          .hasSameSizeAs(names)
          .allSatisfy(file -> {
            assertThat(names).contains(file.getFileName().toString().replace("Sample.java", ""));
            assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(80);
          });
    }
  }

  private int run(String... arguments) {
    return SampleCommand.run(List.of(arguments), stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
