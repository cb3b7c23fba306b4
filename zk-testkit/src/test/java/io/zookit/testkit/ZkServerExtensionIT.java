package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

@Tag("full")
class ZkServerExtensionIT {

  @Test
  void own_registeredStatically_oneServerAClassClosedAtItsEnd() {
    Events tests = run(ServerCases.OneServer.class);
    tests.assertStatistics(events -> events.succeeded(3));
    assertThat(ServerCases.seen).hasSize(3).containsOnly(ServerCases.seen.get(0));
    assertThat(ServerCases.seen.get(0).isRunning()).isFalse();
    assertThat(ServerCases.seen.get(0).dataDir()).doesNotExist();
    assertThat(ServerCases.roots)
        .doesNotHaveDuplicates()
        .allMatch(root -> root.matches("/[A-Za-z0-9][A-Za-z0-9._-]*"));
  }

  @Test
  void extendWith_parameters_areInjected() {
    run(ServerCases.Injected.class).assertStatistics(events -> events.succeeded(1));
    assertThat(ServerCases.seen).hasSize(1);
    assertThat(ServerCases.seen.get(0).isRunning()).isTrue();
  }

  @Test
  void shared_classesInARow_useOneServerThatIsEmptyForEach() {
    run(ServerCases.LeavesEverything.class, ServerCases.FindsNothing.class)
        .assertStatistics(events -> events.succeeded(2));
    assertThat(ServerCases.seen).hasSize(2);
    assertThat(ServerCases.seen.get(1)).isSameAs(ServerCases.seen.get(0));
  }

  @Test
  void shared_rootWasChanged_isClosedBeforeTheNextClass() {
    run(ServerCases.ClosesTheRoot.class, ServerCases.FindsNothing.class)
        .assertStatistics(events -> events.succeeded(2));
    assertThat(ServerCases.seen).hasSize(2);
    assertThat(ServerCases.seen.get(1)).isNotSameAs(ServerCases.seen.get(0));
    assertThat(ServerCases.seen.get(0).isRunning()).isFalse();
    assertThat(ServerCases.seen.get(0).dataDir()).doesNotExist();
  }

  @Test
  void shared_startedWithPropertiesOfAnotherServer_isClosedBeforeTheNextClass() {
    run(ServerCases.BesideOwnSettings.class, ServerCases.FindsNothing.class)
        .assertStatistics(events -> events.succeeded(2));
    assertThat(ServerCases.seen.get(1)).isNotSameAs(ServerCases.seen.get(0));
    assertThat(ServerCases.seen.get(0).isRunning()).isFalse();
  }

  @Test
  @Tag("full")
  void shared_jvmEnds_isClosedWithItsFolder() throws Exception {
    try (ChildJvm child = ChildJvm.of(SharedServerChild.class)
        .jvmOptions("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"))
        .start()) {
      String folder = child.awaitLine(line -> line.startsWith("folder "), Duration.ofMinutes(1));
      assertThat(child.awaitExit(Duration.ofMinutes(1))).hasValue(0);
      assertThat(Path.of(folder.substring("folder ".length()))).doesNotExist();
    }
  }

  @Test
  void checkLeaks_ephemeralAndWatchLeft_failsTheTestAndOnlyIt() {
    run(ServerCases.Leaky.class)
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                test("leaves"),
                finishedWithFailure(message(text -> text.contains("left on the server")
                    && text.contains("(ephemeral)")
                    && text.contains("watches=1")))))
        .haveExactly(1, event(test("cleans"), finishedSuccessfully()));
  }

  @AfterEach
  void closeLeaked() throws Exception {
    for (Raw client : ServerCases.leaked) {
      client.close();
    }
    ServerCases.leaked.clear();
  }

  private static Events run(Class<?>... tests) {
    ServerCases.seen.clear();
    ServerCases.roots.clear();
    return EngineTestKit.engine("junit-jupiter")
        .selectors(
            Stream.of(tests).map(DiscoverySelectors::selectClass).toArray(DiscoverySelector[]::new))
        .execute()
        .testEvents();
  }
}
