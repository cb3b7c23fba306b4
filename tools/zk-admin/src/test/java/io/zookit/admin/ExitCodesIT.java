package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every exit code, by what leads to it. */
@Tag("full")
class ExitCodesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private String root = "";
  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void open() {
    root = zooKeeper.freshRoot();
    desk = new Desk(home);
  }

  private Outcome there(String command) {
    return desk.type(command + " --connect " + zooKeeper.connectString() + " --root " + root);
  }

  @Test
  void ok_is0() {
    assertThat(there("lock list").code()).isZero();
    assertThat(desk.type("version").code()).isZero();
    assertThat(desk.type("--help").code()).isZero();
    assertThat(desk.type("lock break --help").code()).isZero();
  }

  @Test
  void whatHasNoNumberOfItsOwn_is1() throws Exception {
    Files.createDirectories(home.resolve(".config/zookit/config.yaml"));
    Outcome failed = desk.type("context list");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("config.yaml: cannot be read");
  }

  @Test
  void timeoutInTheEnvironment_thatIsNone_is2AndNamesTheVariable() {
    Outcome refused = desk.with("ZOOKIT_TIMEOUT", "soon").type("lock list");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).startsWith("zookit: ZOOKIT_TIMEOUT: \"soon\" (expected: ");
  }

  @Test
  void wrongCommandLine_is2() {
    for (String wrong : new String[] {
      "",
      "nothing",
      "lock",
      "lock shoe",
      "lock show",
      "lock show a b",
      "lock list --nonsense",
      "lock list -o xml",
      "lock list --timeout 0s",
      "lock list --timeout soon",
      "lock list --color pink",
      "lock list --root ../x",
      "lock list --connect a:1 --context b",
      "completion fish",
      "demo",
      "context add x"
    }) {
      Outcome refused = desk.type(wrong);
      assertThat(refused.code()).as(wrong).isEqualTo(2);
      assertThat(refused.out()).as(wrong).isEmpty();
      assertThat(refused.err()).as(wrong).startsWith("zookit: ");
    }
  }

  @Test
  void wrongName_isSaidBeforeTheServerIsAsked() {
    assertThat(there("lock show a//b").code()).isEqualTo(2);
  }

  @Test
  void notThere_is3() {
    assertThat(there("lock show free").code()).isEqualTo(3);
    assertThat(desk.type("lock list --context unknown").code()).isEqualTo(3);
    assertThat(desk.type("context show").code()).isEqualTo(3);
    assertThat(desk.type("context use unknown").code()).isEqualTo(3);
  }

  @Test
  void thereAlready_is4() {
    assertThat(desk.type("context add x --connect localhost:2181").code()).isZero();
    assertThat(desk.type("context add x --connect localhost:2182").code()).isEqualTo(4);
    assertThat(desk.type("context add x --connect localhost:2182 --replace").code())
        .isZero();
  }

  @Test
  void notValid_is5() throws Exception {
    Path file = Files.createDirectories(home.resolve(".config/zookit")).resolve("config.yaml");
    for (String text : new String[] {"- a", "a: [", "contexts: {x: {conect: y}}", "other: 1"}) {
      Files.writeString(file, text);
      assertThat(desk.type("context list").code()).as(text).isEqualTo(5);
    }
  }

  @Test
  void notAllowed_is6() throws Exception {
    try (ZkClient ana = ZkClient.builder(zooKeeper.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .root(root)
            .digest("ana", "secret")
            .connect();
        Lease held = DistributedLock.named("a", ana).acquire()) {
      desk.with("ZOOKIT_PASSWORD", "other");
      Outcome denied = there("lock break a --yes --user bob");
      assertThat(denied.code()).as(denied.err()).isEqualTo(6);
      assertThat(held.isValid()).isTrue();
      desk.with("ZOOKIT_PASSWORD", "secret");
      assertThat(there("lock break a --yes --user ana").code()).isZero();
    }
  }

  @Test
  void noServer_is7() throws Exception {
    int port;
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Outcome away = desk.type("lock list --timeout 500ms --connect 127.0.0.1:" + port);
    assertThat(away.code()).isEqualTo(7);
    assertThat(away.err()).startsWith("zookit: ");
    assertThat(away.out()).isEmpty();
  }

  @Test
  void userSaysNo_is8() throws Exception {
    assertThat(desk.type("context add x --connect localhost:2181").code()).isZero();
    desk.answering("no");
    assertThat(desk.type("context remove x").code()).isEqualTo(8);
    assertThat(desk.type("context list -o name").out()).isEqualTo("x\n");
  }
}
