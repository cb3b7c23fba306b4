package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of the contexts, as people write it. */
class ContextFileTest {

  @TempDir
  private Path home;

  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void sit() {
    desk = new Desk(home);
  }

  private Path file() throws IOException {
    return Files.createDirectories(home.resolve(".config/zookit")).resolve("config.yaml");
  }

  private void assertRefused(String text, String message) throws IOException {
    Path file = Files.writeString(file(), text);
    Outcome refused = desk.type("context list");
    assertThat(refused.code()).as(text).isEqualTo(5);
    assertThat(refused.err()).startsWith("zookit: " + file + message);
  }

  @Test
  void read_allSettings_areShown() throws IOException {
    Files.writeString(file(), """
        # of the team
        current: prod
        contexts:
          prod:
            connect: 'zk1:2181,zk2:2181'
            root: /shop
            user: no
            password: 0123
            password-file: ~/.secret
            color: never
            allow-unauthenticated: true
            tls: {trust-store: /etc/trust.p12, trust-store-password-file: /etc/trust.password,
              key-store: /etc/ana.p12, key-store-password-file: /etc/ana.password}
          local: {connect: "localhost:2181"}
        """);
    String before = desk.type("context show prod -o json --reveal").out();
    assertThat(before)
        .contains("\"zk1:2181,zk2:2181\"", "\"/shop\"", "\"no\"", "\"0123\"")
        .contains("/etc/trust.p12", "/etc/ana.p12");
    // What the program writes is read the same.
    assertThat(desk.type("context use prod").code()).isZero();
    assertThat(Files.readString(file())).doesNotContain("# of the team").contains("\"0123\"");
    assertThat(desk.type("context show prod -o json --reveal").out()).isEqualTo(before);
  }

  @Test
  void read_nothing_isNoContexts() throws IOException {
    for (String text : new String[] {"", "# nothing\n", "contexts:\n", "contexts: {}\n", "~\n"}) {
      Files.writeString(file(), text);
      assertThat(desk.type("context list -o name")).as(text).isEqualTo(new Outcome(0, "", ""));
    }
  }

  @Test
  void read_mistakes_areRefusedWithTheirLine() throws IOException {
    assertRefused("contexts:\n  a: {connect: 'x:1'\n", ":2: not valid YAML: ");
    assertRefused("contexts:\n  a: {}\ncontexts:\n  b: {}\n", ":3: not valid YAML: ");
    assertRefused(
        "contexts:\n  a:\n    conect: x:1\n",
        ":3: conect: unknown (expected: allow-unauthenticated, color, connect, ");
    assertRefused("currant: a\n", ":1: currant: unknown (expected: contexts, current)\n");
    assertRefused(
        "contexts:\n  a:\n    connect: [x]\n", ":3: connect: something else (expected: a text)\n");
    assertRefused("just text\n", ":1: something else (expected: a map)\n");
    assertRefused("contexts:\n  a: text\n", ":2: a: something else (expected: a map)\n");
    assertRefused(
        "contexts:\n  a:\n    connect: x:1\n    allow-unauthenticated: maybe\n",
        ":4: allow-unauthenticated: something else (expected: true or false)\n");
    assertRefused("contexts:\n  a: {root: /x}\n", ": a: connect: missing (expected: host:port");
    assertRefused(
        "contexts:\n  a: {connect: 'x:1', color: pink}\n",
        ": a: color: pink (expected: auto, always, never)\n");
  }
}
