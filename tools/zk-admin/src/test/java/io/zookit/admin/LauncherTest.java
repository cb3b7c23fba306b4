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

/**
 * The script {@code zookit} at the top of a checkout and the launcher of the distribution, in a checkout that looks built, with
 * a Java that says what it is given.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {

  private static final Path ROOT = Path.of("..", "..");
  private static final String LAUNCHER = "tools/zk-distribution/src/main/bin/zookit";
  private static final String PAGE = "tools/zk-admin/src/test/resources/golden/help/zookit.txt";
  private static final String BUILT = "tools/zk-distribution/target/fast/zookit-1/";

  /** Makes an archive unless there is a file {@code broken}. */
  private static final String JAVA = """
      #!/bin/sh
      here=$(dirname "$0")
      if [ "$1" = -Xshare:dump ]; then
        echo >>"$here/dumps"
        [ ! -f "$here/broken" ] || exit 1
        echo archive >"${3#*=}"
        exit
      fi
      echo "locale=${LC_ALL:-${LC_CTYPE:-${LANG-}}}"
      for arg; do
        case $arg in -XX:SharedArchiveFile=*) echo "archive=${arg#*=}" ;; esac
      done
      while case $1 in io.*) false ;; esac do shift; done
      echo "$*"
      """;

  @TempDir
  private Path checkout;

  @BeforeEach
  void layOut() throws IOException {
    write("zookit", Files.readString(ROOT.resolve("zookit"))).toFile().setExecutable(true);
    write(LAUNCHER, Files.readString(ROOT.resolve(LAUNCHER)));
    write("pom.xml", "  <version>1</version>\n");
    write(".mvn/jvm.config", "");
    for (String group : groups()) {
      write(
          "tools/zk-admin/src/main/java/io/zookit/admin/command/" + group + "/package-info.java",
          "");
    }
    write(PAGE, Files.readString(ROOT.resolve(PAGE)));
    write(BUILT + "bin/zookit", Files.readString(ROOT.resolve(LAUNCHER)))
        .toFile()
        .setExecutable(true);
    write(BUILT + "lib/zookit-1.jar", "");
    write(BUILT + "help/lock.txt", "the page of lock\n");
    write("java/bin/java", JAVA).toFile().setExecutable(true);
    write("java/release", "JAVA_VERSION=\"17.0.1\"\n");
    write("target/launcher/zk-distribution.built", checkout + "\n");
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
    Outcome outcome = typed(environment, arguments);
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    return outcome.out();
  }

  private Outcome typed(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = Stream.concat(
            Stream.of(checkout.resolve("zookit").toString()), Stream.of(arguments))
        .toList();
    Path messages = checkout.resolve("messages");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(messages.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().put("JAVA_HOME", checkout.resolve("java").toString());
    builder.environment().put("XDG_CACHE_HOME", checkout.resolve("cache").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String written = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), written, Files.readString(messages));
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(checkout.resolve("cache/zookit"))) {
      return files.toList();
    }
  }

  @Test
  void help_namesEveryGroupOfTheProgram() throws Exception {
    assertThat(groups()).contains("config", "incarnation");
    String help = run(Map.of(), "help");
    for (String group : groups()) {
      assertThat(help).as(group).containsPattern("(?m)^  " + group + " ");
    }
    assertThat(help).isEqualTo(run(Map.of(), "--help")).isEqualTo(run(Map.of()));
  }

  @Test
  void help_ofAGroup_isThePageOfTheBuild() throws Exception {
    Map<String, String> noJava = Map.of("JAVA_HOME", "/none");
    assertThat(run(noJava, "help", "lock")).isEqualTo("the page of lock\n");
    assertThat(run(noJava, "lock", "--help")).isEqualTo("the page of lock\n");
    assertThat(run(noJava, "lock", "-h")).isEqualTo("the page of lock\n");
    assertThat(run(Map.of(), "help", "lock", "break")).endsWith("AdminCommand lock break --help\n");
    assertThat(run(Map.of(), "help", "server")).endsWith("ServerCommand --help\n");
  }

  @Test
  void unknownWord_startsNoBuildAndNoJava() throws Exception {
    Files.delete(checkout.resolve("target/launcher/zk-distribution.built"));
    Outcome refused = typed(Map.of("JAVA_HOME", "/none"), "-o", "json", "lcok", "list");
    assertThat(refused)
        .isEqualTo(new Outcome(2, "", "zookit: \"lcok\": no such command\nSee: zookit --help\n"));
    assertThat(typed(Map.of(), "../lock").code()).isEqualTo(2);
    assertThat(typed(Map.of(), "-v").code()).isEqualTo(2);
  }

  @Test
  void groups_areServedByTheirPrograms() throws Exception {
    assertThat(run(Map.of(), "--root", "/x", "config", "get", "a b"))
        .endsWith("io.zookit.admin.AdminCommand --root /x config get a b\n");
    assertThat(run(Map.of(), "server", "--port", "0"))
        .endsWith("io.zookit.testkit.ServerCommand --port 0\n");
    assertThat(run(Map.of(), "console", "token", "list", "console"))
        .endsWith("io.zookit.console.ConsoleCommand token list console\n");
  }

  @Test
  void arguments_inALocaleOfFewCharacters_reachJavaAsUtf8() throws Exception {
    assertThat(run(Map.of(), "lock", "list")).startsWith("locale=C.UTF-8\n");
    assertThat(run(Map.of("LANG", "de_DE.UTF-8"), "lock", "list"))
        .startsWith("locale=de_DE.UTF-8\n");
    assertThat(run(Map.of("LC_ALL", "POSIX", "LANG", "de_DE.UTF-8"), "lock", "list"))
        .startsWith("locale=C.UTF-8\n");
  }

  @Test
  void archive_ofAnotherJava_isMadeOnceInTheCacheOfTheUser() throws Exception {
    String first = run(Map.of(), "lock", "list");
    assertThat(archives())
        .singleElement()
        .satisfies(archive -> assertThat(first).contains("archive=" + archive + "\n"));
    assertThat(run(Map.of(), "lock", "list")).isEqualTo(first);
    assertThat(checkout.resolve("java/bin/dumps")).hasContent("\n");
  }

  @Test
  void archive_thatCannotBeMade_isDoneWithout() throws Exception {
    write("java/bin/broken", "");
    assertThat(run(Map.of(), "lock", "list")).doesNotContain("archive=");
    assertThat(run(Map.of(), "lock", "list")).doesNotContain("archive=");
    assertThat(checkout.resolve("java/bin/dumps")).hasContent("\n");
    Path file = write("a-file", "");
    assertThat(run(Map.of("XDG_CACHE_HOME", file.toString()), "lock", "list"))
        .doesNotContain("archive=");
  }
}
