package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.format.Format;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes computed from the stable release, in any order of competing publishers. */
class UpdateIT {

  private static final Duration SESSION = Duration.ofSeconds(4);
  private static final int EDITORS = 4;
  private static final int EACH = 15;

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void update_byManyAtOnce_losesNoneAndNobodyIsToldOfAConflict() throws Exception {
    List<Callable<Void>> editors = new ArrayList<>();
    for (int i = 0; i < EDITORS; i++) {
      ConfigStore editor = world.store();
      editors.add(() -> {
        for (int n = 0; n < EACH; n++) {
          editor.update(LIMITS, UpdateIT::oneMore, ANA);
        }
        return null;
      });
    }
    ExecutorService threads = Executors.newFixedThreadPool(EDITORS);
    for (Future<Void> editor : threads.invokeAll(editors)) {
      editor.get();
    }
    threads.shutdown();
    History history = store.history(LIMITS);
    assertThat(history.releases(100)).hasSize(EDITORS * EACH);
    assertThat(history.content(EDITORS * EACH).get("count")).hasValue("" + EDITORS * EACH);
    assertThat(history.verify().problems()).isEmpty();
  }

  @Test
  void update_somebodyIsFaster_isAskedAgainWithWhatIsThereThen() throws Exception {
    store.publish(LIMITS, Content.properties("count=1\n"), ANA);
    AtomicInteger asked = new AtomicInteger();
    Release release = store.update(
        LIMITS,
        stable -> {
          if (asked.incrementAndGet() == 1) {
            publish("count=41\nmore=yes\n");
          }
          return oneMore(stable);
        },
        BOB);
    assertThat(asked).hasValue(2);
    assertThat(store.history(LIMITS).content(release.number()).text())
        .isEqualTo("count=42\nmore=yes\n");
  }

  private void publish(String text) {
    try {
      world.store().publish(LIMITS, Content.properties(text), ANA);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void update_nothingIsThere_editsAnEmptyContent() throws Exception {
    Release release = store.update(LIMITS, UpdateIT::oneMore, ANA);
    assertThat(release.number()).isEqualTo(1);
    assertThat(store.history(LIMITS).content(1).format()).isEqualTo(Format.PROPERTIES);
    assertThat(store.history(LIMITS).content(1).get("count")).hasValue("1");
  }

  @Test
  void update_thatChangesNothing_makesNoRelease() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    assertThat(store.update(LIMITS, stable -> stable, BOB).number()).isEqualTo(1);
    assertThat(store.state(LIMITS).orElseThrow().revision()).isEqualTo(1);
  }

  @Test
  void update_onTopOfAnotherRelease_isAConflict() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    store.publish(LIMITS, numbers(2), ANA);
    assertThatThrownBy(() -> store.update(LIMITS, UpdateIT::oneMore, BOB.onTopOf(1)))
        .isInstanceOf(ConfigConflictException.class);
    assertThat(store.state(LIMITS).orElseThrow().lastRelease()).isEqualTo(2);
  }

  @Test
  @Tag("full")
  void update_whoseAnswerIsLost_isAppliedOnce() throws Exception {
    store.publish(LIMITS, Content.properties("count=1\n"), ANA);
    FaultProxy proxy = world.proxy();
    ConfigStore cut = ConfigStore.in(world.client(proxy.connectString(), SESSION));
    for (int i = 2; i <= 4; i++) {
      Fault fault = proxy.cutAfter(Op.MULTI, 1);
      assertThat(cut.update(LIMITS, UpdateIT::oneMore, BOB).number()).isEqualTo(i);
      assertThat(fault.landed()).isTrue();
    }
    assertThat(store.history(LIMITS).content(4).get("count")).hasValue("4");
  }

  private static Content oneMore(Content stable) {
    return stable.with("count", "" + (Integer.parseInt(stable.get("count").orElse("0")) + 1));
  }
}
