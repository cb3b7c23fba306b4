package io.zookit.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkServerExtension;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The plugin and the engine with the Quartz of the build, and with the oldest that is supported. */
@Tag("nightly")
@Timeout(600)
class QuartzVersionsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(90);

  private static boolean isQuartz(String entry) {
    return new File(entry).getName().startsWith("quartz-");
  }

  private static List<String> classPath() {
    return List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
  }

  @Test
  void quartzOfTheBuild_runsEachFireTimeOnce() throws Exception {
    assertThat(run(String.join(File.pathSeparator, classPath()))).isNotEqualTo("quartz 2.5.0");
  }

  @Test
  void oldestQuartz_runsEachFireTimeOnce() throws Exception {
    Path classes = Path.of(QuartzVersionsIT.class
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .toURI());
    try (Stream<Path> older = Files.list(classes.resolveSibling("quartz-older"))) {
      String jar = older
          .map(Path::toString)
          .filter(QuartzVersionsIT::isQuartz)
          .collect(Collectors.joining());
      String replaced = classPath().stream()
          .map(entry -> isQuartz(entry) ? jar : entry)
          .collect(Collectors.joining(File.pathSeparator));
      assertThat(replaced).contains(jar);
      assertThat(run(replaced)).isEqualTo("quartz 2.5.0");
    }
  }

  /** Runs the schedulers of a child process, and returns the version that it has. */
  private static String run(String classPath) throws Exception {
    String root = zooKeeper.freshRoot();
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString())
            .connectTimeout(LONG)
            .root(root)
            .connect();
        ChildJvm child = ChildJvm.of(QuartzChild.class)
            .args(zooKeeper.connectString(), root)
            .classPath(classPath)
            .start()) {
      JobLedger.in(client).define(Job.named("tick").on(Schedule.every(Duration.ofSeconds(1))));
      String version = child.awaitLine(line -> line.startsWith("quartz "), LONG);
      awaitFiveLines(child, "fired ");
      awaitFiveLines(child, "ran ");
      assertThat(linesOf(child, "fired "))
          .doesNotHaveDuplicates()
          .allMatch(line -> line.endsWith(" token"));
      assertThat(linesOf(child, "ran ")).doesNotHaveDuplicates();
      return version;
    }
  }

  private static void awaitFiveLines(ChildJvm child, String prefix) throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      child.awaitLine(line -> line.startsWith(prefix), LONG);
    }
  }

  private static List<String> linesOf(ChildJvm child, String prefix) {
    return child.lines().stream().filter(line -> line.startsWith(prefix)).toList();
  }
}
