package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code zookit} at the top of a checkout, in a checkout that looks built, with a Java that says what it is given. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {

  private static final Path LAUNCHER = Path.of("..", "..", "zookit");
  private static final String JAVA = """
      #!/bin/sh
      echo "locale=${LC_ALL:-${LC_CTYPE:-${LANG-}}}"
      """;

  @TempDir
  private Path checkout;

  @BeforeEach
  void layOut() throws IOException {
    Path module = checkout.resolve("tools/zk-admin");
    write("zookit", Files.readString(LAUNCHER)).toFile().setExecutable(true);
    write("pom.xml", "  <version>1</version>\n");
    write("tools/zk-admin/pom.xml", "");
    write(".mvn/jvm.config", "");
    write("tools/zk-admin/src/main/java/io/zookit/admin/AdminCommand.java", "");
    for (String group : groups()) {
      write(
          "tools/zk-admin/src/main/java/io/zookit/admin/command/" + group + "/package-info.java",
          "");
    }
    write("tools/zk-admin/target/fast/zk-admin-1.jar", "");
    write(
        "tools/zk-admin/target/classpath.txt",
        module.resolve("target/fast/zk-admin-1.jar").toString());
    write("java/bin/java", JAVA).toFile().setExecutable(true);
    write("java/release", "JAVA_VERSION=\"17.0.1\"\n");
    write("target/launcher/zk-admin.built", checkout + "\n");
  }

  private Path write(String name, String text) throws IOException {
    Path file = checkout.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Returns the command groups of this build, each a folder of its own. */
  private static List<String> groups() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("src/main/java/io/zookit/admin/command"))) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private String run(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = Stream.concat(
            Stream.of(checkout.resolve("zookit").toString()), Stream.of(arguments))
        .toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("JAVA_HOME", checkout.resolve("java").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String written = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(written).isZero();
    return written;
  }

  @Test
  void help_namesEveryGroupOfTheProgram() throws Exception {
    assertThat(groups()).contains("config", "incarnation");
    String help = run(Map.of(), "help");
    for (String group : groups()) {
      assertThat(help).as(group).containsPattern("(?m)^  " + group + " ");
    }
    assertThat(help).doesNotContain("not part of this build: incarnation");
  }

  @Test
  void arguments_inALocaleOfFewCharacters_reachJavaAsUtf8() throws Exception {
    assertThat(run(Map.of(), "lock", "list")).isEqualTo("locale=C.UTF-8\n");
    assertThat(run(Map.of("LANG", "de_DE.UTF-8"), "lock", "list"))
        .isEqualTo("locale=de_DE.UTF-8\n");
    assertThat(run(Map.of("LC_ALL", "POSIX", "LANG", "de_DE.UTF-8"), "lock", "list"))
        .isEqualTo("locale=C.UTF-8\n");
  }
}
