package io.zookit.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ZkServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of the command line, unpacked into a folder and run as a user does. */
@Tag("full")
class DistributionIT {

  private static final Path BUILT = Path.of(System.getProperty("zookit.distribution", ""));

  @TempDir
  private Path folder;

  private Path home = Path.of("");

  /** Exit code and output of a program. */
  private record Ended(int code, String out) {}

  @BeforeEach
  void unpack() throws Exception {
    Path archive = BUILT.resolveSibling(BUILT.getFileName() + ".tar.gz");
    run(Map.of(), "tar", "-xzf", archive.toString(), "-C", folder.toString());
    home = folder.resolve(String.valueOf(BUILT.getFileName()));
  }

  private Process start(Map<String, String> environment, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve("messages").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ZOOKIT_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    builder.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    builder.environment().put("ZOOKIT_TIMEOUT", "1m");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Ended end(Map<String, String> environment, String... command) throws Exception {
    Process process = start(environment, command);
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out);
  }

  private String run(Map<String, String> environment, String... command) throws Exception {
    Ended ended = end(environment, command);
    assertThat(ended.code())
        .as(() -> ended.out() + read(folder.resolve("messages")))
        .isZero();
    return ended.out();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String zookit(Map<String, String> environment, String... arguments) throws Exception {
    return run(
        environment,
        Stream.concat(Stream.of(home.resolve("bin/zookit").toString()), Stream.of(arguments))
            .toArray(String[]::new));
  }

  @Test
  void commands_ofAnUnpackedArchive_work() throws Exception {
    try (ZkServer server = ZkServer.start()) {
      Map<String, String> there = Map.of("ZOOKIT_CONNECT", server.connectString());
      zookit(there, "config", "ns", "create", "prod/checkout/limits");
      zookit(there, "config", "patch", "prod/checkout/limits", "max-orders=ä", "-m", "first");
      assertThat(zookit(there, "config", "get", "prod/checkout/limits", "max-orders"))
          .isEqualTo("ä\n");
      assertThat(zookit(there, "lock", "list", "-o", "json")).isEqualTo("[]\n");
      assertThat(zookit(there, "doctor")).contains(server.connectString());
    }
    assertThat(zookit(Map.of(), "version"))
        .startsWith("zookit " + home.getFileName().toString().substring("zookit-".length()) + "\n");
    assertThat(end(Map.of(), home.resolve("bin/zookit").toString(), "demo").code())
        .isEqualTo(2);
  }

  @Test
  void commandsOfASchema_findItsValidatorInTheJar() throws Exception {
    Path schema = Files.writeString(
        folder.resolve("schema.json"), "{\"type\": \"object\", \"required\": [\"burst\"]}");
    try (ZkServer server = ZkServer.start()) {
      Map<String, String> there = Map.of("ZOOKIT_CONNECT", server.connectString());
      zookit(there, "config", "ns", "create", "prod/checkout/limits");
      zookit(there, "config", "patch", "prod/checkout/limits", "burst=1", "-m", "first");
      zookit(
          there, "config", "policy", "set", "prod/checkout/limits", "--schema", schema.toString());
      Path content = Files.writeString(folder.resolve("limits.properties"), "max-orders=1\n");
      Ended refused = end(
          there,
          home.resolve("bin/zookit").toString(),
          "config",
          "validate",
          "prod/checkout/limits",
          "-f",
          content.toString());
      assertThat(refused.code()).as(refused.out()).isEqualTo(5);
    }
  }

  @Test
  void archiveOfClasses_isMadeByTheFirstCommandAndUsed() throws Exception {
    zookit(Map.of(), "version");
    try (Stream<Path> files = Files.list(folder.resolve("cache/zookit"))) {
      assertThat(files.toList())
          .singleElement()
          .satisfies(file -> assertThat(file).isNotEmptyFile().hasExtension("jsa"));
    }
    // Java ends with 1 if it cannot use the archive.
    zookit(Map.of("ZOOKIT_JAVA_OPTS", "-Xshare:on"), "version");
  }

  @Test
  void server_servesUntilItIsStopped() throws Exception {
    Process server =
        start(Map.of(), home.resolve("bin/zookit").toString(), "server", "--port", "0");
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String line = String.valueOf(lines.readLine());
      assertThat(line).contains("listening on ");
      String connect = line.replaceFirst(".* listening on (\\S+) .*", "$1");
      assertThat(zookit(Map.of(), "--connect", connect, "lock", "list", "-o", "name"))
          .isEmpty();
      server.destroy();
      assertThat(server.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void console_servesItsPageWithAServerOfItsOwn() throws Exception {
    List<ProcessHandle> children = new ArrayList<>();
    Process console =
        start(Map.of(), home.resolve("bin/zookit").toString(), "console", "--bind", "127.0.0.1:0");
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(console.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine())
          .as(() -> read(folder.resolve("messages")))
          .startsWith("Zookit console at http://127.0.0.1:");
      children.addAll(console.descendants().toList());
      console.destroy();
      assertThat(console.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      console.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly); // its server was seen to outlive it
    }
  }

  @Test
  void pagesOfHelp_needNoJava() throws Exception {
    Map<String, String> noJava = Map.of("JAVA_HOME", "/none");
    assertThat(zookit(noJava, "help")).contains("Locks, discovery, configuration");
    assertThat(zookit(noJava, "help", "lock")).startsWith("Usage\n  zookit lock COMMAND\n");
    assertThat(List.of("zookit.bash", "_zookit"))
        .allSatisfy(file -> assertThat(home.resolve("completion").resolve(file)).isNotEmptyFile());
  }
}
