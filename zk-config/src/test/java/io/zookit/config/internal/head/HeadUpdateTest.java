package io.zookit.config.internal.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.Change;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredHead;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HeadUpdateTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Change ANA = Change.by("ana");
  private static final Change WAITING = ANA.promptAcks(Duration.ofSeconds(60));

  private final Head none =
      HeadUpdate.of(StoredHead.absent(1, 4, 2, NOW).head()).build("p1", ANA, NOW, "");

  @Test
  void build_callerWaits_marksTheHeadUntilItStops() {
    assertThat(none.acksAwaitedUntil()).isNull();
    assertThat(after(none, WAITING, NOW).acksAwaitedUntil()).isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void build_laterChange_keepsTheMarkWhileTheEarlierCallerWaits() {
    Head awaited = after(none, WAITING, NOW);

    assertThat(after(awaited, ANA, NOW.plusSeconds(59)).acksAwaitedUntil())
        .isEqualTo(NOW.plusSeconds(60));
    assertThat(after(awaited, ANA, NOW.plusSeconds(60)).acksAwaitedUntil()).isNull();
    assertThat(after(awaited, ANA.promptAcks(Duration.ofSeconds(5)), NOW).acksAwaitedUntil())
        .isEqualTo(NOW.plusSeconds(60));
    assertThat(after(awaited, WAITING, NOW.plusSeconds(5)).acksAwaitedUntil())
        .isEqualTo(NOW.plusSeconds(65));
  }

  private static Head after(Head head, Change change, Instant at) {
    return HeadUpdate.of(head).build("p", change, at, "");
  }
}
