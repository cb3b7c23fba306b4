package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.id.IdLayout;
import io.zookit.id.Sequence;
import io.zookit.id.Snowflake;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit id}. */
class IdCommandsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private final String root = zooKeeper.freshRoot();
  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void sit() {
    desk = new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString());
  }

  private Outcome zookit(String command) {
    return desk.type(command + " --root " + root);
  }

  private ZkClient client() {
    return ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect();
  }

  @Test
  void names_createdRaisedAndResized_areShown() {
    Outcome created = zookit("id create invoice --from 100");
    assertThat(created.code()).isZero();
    Golden.check("id/created.txt", created.out());
    assertThat(zookit("id create order-no --from 1 --size 1000 -o name").out())
        .isEqualTo("order-no\n");
    Outcome again = zookit("id create invoice --from 1");
    assertThat(again.code()).isEqualTo(4);
    assertThat(again.err()).contains("exists").contains("`zookit id list`");

    assertThat(zookit("id resize order-no 50 -o name").code()).isZero();
    assertThat(zookit("id raise invoice --at-least 7 --dry-run").err())
        .isEqualTo("would do: raise the next number of invoice from 100 to 100\n");
    assertThat(zookit("id raise invoice --at-least 200").code()).isEqualTo(2);
    assertThat(zookit("id raise invoice --at-least 200 --yes -o name").code()).isZero();

    Golden.check("id/list.txt", zookit("id list").out());
    Golden.check("id/show.json", zookit("id show invoice -o json").out());
    assertThat(zookit("id list ord -o name").out()).isEqualTo("order-no\n");
    assertThat(zookit("audit list").out()).contains("id.create", "id.resize", "id.raise");
  }

  @Test
  void name_thatDoesNotExist_isNotFoundAndNamesTheNextCommand() {
    Outcome missing = zookit("id show invoice");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err())
        .isEqualTo("zookit: ids invoice: does not exist; `zookit id list` shows what exists,"
            + " `zookit id create` creates a name\n");
    assertThat(zookit("id raise invoice --at-least 1 --yes").code()).isEqualTo(3);
    assertThat(zookit("id create invoice --from -1").code()).isEqualTo(2);
    assertThat(zookit("id create invoice").code()).isEqualTo(2);
  }

  @Test
  @Tag("full")
  void raise_afterTheIncarnationWasRaised_letsApplicationsGoOn() throws Exception {
    try (ZkClient client = client()) {
      Sequence invoices = Sequence.named("invoice", client).timeout(Desk.LONG).createFrom(1);
      assertThat(invoices.next()).isEqualTo(1);
      try (Snowflake ids = Snowflake.named("orders", client)
          .layout(IdLayout.of(41, 4, 12))
          .timeout(Desk.LONG)
          .build()) {
        assertThat(ids.next()).isPositive();
      }
      assertThat(zookit("id raise orders --at-least 5 --yes").err())
          .contains("kind snowflake (expected: numbers)");
      client.raiseIncarnation(1);

      Outcome resize = zookit("id resize invoice 5");
      assertThat(resize.code()).isEqualTo(4);
      assertThat(resize.err()).contains("kind sequence (expected: segments)");
      assertThat(zookit("id raise invoice --at-least 50 --yes -o json").out())
          .contains("\"next\": 50", "\"incarnation\": 2");

      assertThat(invoices.next()).isEqualTo(50);
    }
  }

  @Test
  @Tag("full")
  void relayout_ofSnowflakeIds_laterIdsAreGreater() throws Exception {
    long before;
    try (ZkClient client = client()) {
      IdLayout narrow = IdLayout.of(41, 4, 12);
      try (Snowflake ids =
          Snowflake.named("orders", client).layout(narrow).timeout(Desk.LONG).build()) {
        before = ids.next();
      }
      Outcome dry = zookit("id relayout orders --bits 41-6-14 --dry-run");
      assertThat(dry.code()).isZero();
      assertThat(dry.err())
          .isEqualTo("would do: change the layout of orders from " + narrow + " to "
              + IdLayout.of(41, 6, 14) + "\n");
      assertThat(zookit("id relayout orders --bits 41-6-14").code()).isEqualTo(2);

      Outcome changed = zookit("id relayout orders --bits 41-6-14 --yes -o json");

      assertThat(changed.err()).isEmpty();
      assertThat(changed.out()).contains("41-6-14 bits");
      try (Snowflake ids = Snowflake.named("orders", client)
          .layout(IdLayout.of(41, 6, 14))
          .timeout(Desk.LONG)
          .build()) {
        assertThat(ids.next()).isGreaterThan(before);
      }
    }
    assertThat(zookit("audit list").out()).contains("id.layout");
  }

  @Test
  void relayout_ofOtherIdsOrWithOtherBits_isRefused() {
    assertThat(zookit("id create invoice --from 1").code()).isZero();
    Outcome sequence = zookit("id relayout invoice --bits 41-10-12 --yes");
    assertThat(sequence.code()).isEqualTo(4);
    assertThat(sequence.err())
        .isEqualTo("zookit: ids invoice: not snowflake ids, which alone have a layout;"
            + " see `zookit id list`\n");
    assertThat(zookit("id relayout orders --bits 41-10-12 --yes").code()).isEqualTo(3);
  }
}
