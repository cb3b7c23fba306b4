package io.zookit.config.internal.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.Change;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.format.Document;
import io.zookit.config.format.Format;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.PackedText;
import io.zookit.config.internal.model.StoredHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of the last good release: nothing that was cut or changed is taken for it. */
class SnapshotFileTest {

  private static final Namespace NS = Namespace.of("prod", "checkout", "limits");

  private static final SnapshotFile.Memory FIRST = new SnapshotFile.Memory(1, "");

  @TempDir
  Path folder = Path.of("");

  @Test
  void load_whatWasSaved_isTheSame() {
    SnapshotFile file = new SnapshotFile(folder);
    file.save("cluster", loaded(7, 1), Instant.EPOCH, List.of(), FIRST);

    SnapshotFile.Raw raw = file.load(NS).orElseThrow();

    assertThat(raw.head().revision()).isEqualTo(7);
    assertThat(raw.release().open(raw.release().payload()).text()).isEqualTo("a=1\n");
  }

  @Test
  void load_cutAtAnyByte_isNotUsed() throws Exception {
    byte[] whole = bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> SnapshotFile.decode(cut)).isInstanceOf(IOException.class);
    }
    Files.write(new SnapshotFile(folder).file(NS), Arrays.copyOf(whole, whole.length - 1));
    assertThat(new SnapshotFile(folder).load(NS)).isEmpty();
  }

  @Test
  void load_changedAtAnyByte_isNotUsed() {
    byte[] whole = bytes();
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> SnapshotFile.decode(changed)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void load_ofAnotherNamespace_isNotUsed() throws Exception {
    SnapshotFile file = new SnapshotFile(folder);
    file.save("cluster", loaded(7, 1), Instant.EPOCH, List.of(), FIRST);
    Namespace other = Namespace.of("prod", "checkout", "prices");
    Files.move(file.file(NS), file.file(other));

    assertThat(file.load(other)).isEmpty();
  }

  @Test
  void save_ofAnOlderState_keepsTheNewer() {
    SnapshotFile file = new SnapshotFile(folder);
    file.save("cluster", loaded(7, 1), Instant.EPOCH, List.of(), FIRST);
    file.save("cluster", loaded(6, 1), Instant.EPOCH, List.of(), FIRST);
    assertThat(file.load(NS).orElseThrow().head().revision()).isEqualTo(7);

    file.save("other cluster", loaded(6, 1), Instant.EPOCH, List.of(), FIRST);
    assertThat(file.load(NS).orElseThrow().head().revision()).isEqualTo(6);
    file.save("other cluster", loaded(5, 2), Instant.EPOCH, List.of(), FIRST);
    assertThat(file.load(NS).orElseThrow().head().revision()).isEqualTo(5);
  }

  @Test
  void save_ofAnOlderStateAfterTheIncarnationWasRaised_replacesTheNewer() {
    SnapshotFile file = new SnapshotFile(folder);
    file.save("cluster", loaded(7, 1), Instant.EPOCH, List.of(), FIRST);
    file.save(
        "cluster", loaded(2, 1), Instant.EPOCH, List.of(), new SnapshotFile.Memory(2, "kept"));
    SnapshotFile.Raw raw = file.load(NS).orElseThrow();
    assertThat(raw.head().revision()).isEqualTo(2);
    assertThat(SnapshotFile.Memory.of(raw.header())).isEqualTo(new SnapshotFile.Memory(2, "kept"));
  }

  @Test
  void save_intoAFolderThatCannotBe_isNoFailure() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");

    new SnapshotFile(file.resolve("below"))
        .save("c", loaded(1, 1), Instant.EPOCH, List.of(), FIRST);

    assertThat(Files.readString(file)).isEqualTo("x");
  }

  private static byte[] bytes() {
    LoadedRelease loaded = loaded(7, 1);
    LoadedRelease.Text text = java.util.Objects.requireNonNull(loaded.release());
    return SnapshotFile.encode(
        new SnapshotFile.Header("c", NS.toString(), Instant.EPOCH, "stable", List.of(), 1L, ""),
        loaded.head(),
        text);
  }

  private static LoadedRelease loaded(long revision, long epoch) {
    Document document = Format.PROPERTIES.parse("a=1\n");
    PackedText packed = PackedText.of(document.text());
    Manifest manifest = new Manifest(
        1,
        null,
        Release.Kind.PUBLISH,
        null,
        Format.PROPERTIES,
        "ana",
        Instant.EPOCH,
        "",
        "id",
        1,
        packed.size(),
        packed.sha256(),
        "",
        packed.bytes().length,
        null,
        null);
    Head none = StoredHead.absent(epoch, revision - 1, 0, Instant.EPOCH).head();
    Head head = HeadUpdate.of(none)
        .stable(manifest.pointer())
        .state(Head.State.ACTIVE)
        .newRelease(manifest, "h")
        .build("id", Change.by("ana"), Instant.EPOCH, "");
    return new LoadedRelease(
        NS,
        head,
        new LoadedRelease.Text(manifest, packed.bytes(), document.values(), Map.of()),
        "stable",
        null);
  }
}
