package io.zookit.samples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.shop.SceneNotes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void plain_notesAndPictures_areTheNotesOnly() {
    try (ProgressDisplay progress = new PlainProgress(out, false)) {
      progress.note(Duration.ofMillis(61_999), SceneNotes.Kind.FAULT, "killed inventory-1");
      progress.show(List.of("a picture"));
    }

    assertThat(written()).isEqualTo("  01:01  killed inventory-1\n");
  }

  @Test
  void live_nextPicture_isDrawnOverTheLast() {
    try (ProgressDisplay progress = new LiveProgress(out, false)) {
      progress.show(List.of("one", "two"));
      progress.show(List.of("three"));
    }

    assertThat(written()).isEqualTo("one\ntwo\n" + over(2) + "three\n" + over(1));
  }

  @Test
  void live_note_goesAboveThePictureAndStays() {
    try (ProgressDisplay progress = new LiveProgress(out, false)) {
      progress.show(List.of("picture"));
      progress.note(Duration.ZERO, SceneNotes.Kind.PROGRESS, "note");
    }

    assertThat(written()).isEqualTo("picture\n" + over(1) + "  00:00  note\npicture\n" + over(1));
  }

  @Test
  void live_closedTwice_takesThePictureAwayOnce() {
    ProgressDisplay progress = new LiveProgress(out, false);
    progress.show(List.of("picture"));
    progress.close();
    progress.close();

    assertThat(written()).isEqualTo("picture\n" + over(1));
  }

  @Test
  void note_withColour_marksFaultsAndRefusalsOnly() {
    try (ProgressDisplay progress = new PlainProgress(out, true)) {
      progress.note(Duration.ZERO, SceneNotes.Kind.PROGRESS, "open");
      progress.note(Duration.ZERO, SceneNotes.Kind.FAULT, "killed");
      progress.note(Duration.ZERO, SceneNotes.Kind.REFUSAL, "refused");
    }

    assertThat(written().lines())
        .containsExactly(
            "  00:00  open", "\033[33m  00:00  killed\033[0m", "\033[35m  00:00  refused\033[0m");
  }

  private static String over(int lines) {
    return "\033[" + lines + "A\r\033[J";
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
