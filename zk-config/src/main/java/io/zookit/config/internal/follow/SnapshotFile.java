package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.KeyRing;
import io.zookit.core.ZkException;
import io.zookit.core.internal.codec.HeaderAndPayload;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good release of one namespace in a file, for a start without ZooKeeper.
 *
 * <pre>
 *   zookit-config 1 &lt;sha256 of all that follows&gt;
 *   {header: ensemble, namespace, when, rule, wrapped keys}
 *   {head}
 *   {manifest}
 *   the compressed text, secrets sealed
 * </pre>
 *
 * <p>It is replaced as a whole, so a crash leaves the old file or the new one. A damaged file is detected by its hash and
 * not used. An older state never replaces a newer one.
 */
public final class SnapshotFile {

  private static final Logger log = LoggerFactory.getLogger(SnapshotFile.class);
  private static final String MAGIC = "zookit-config 1 ";
  private static final int LARGEST = 24 * 1024 * 1024;

  /** The first line. */
  public record Header(
      @Stored("cluster") String cluster,
      @Stored("namespace") String namespace,
      @Stored("savedAt") Instant savedAt,
      @Stored("rule") String rule,
      @Stored("keys") List<KeyRing.KeyRecord> keys,
      @Stored("incarnation") @Nullable Long incarnation,
      @Stored("lineage") @Nullable String lineage) {

    public static final RecordCodec<Header> CODEC = RecordCodec.of(Header.class, 1);
  }

  /** Content of a file, before its text is opened. */
  public record Raw(Header header, Head head, StoredRelease release) {}

  /** Content of a file. */
  record Kept(String cluster, LoadedRelease loaded, Memory memory) {}

  /**
   * Knowledge of the data when they were kept.
   *
   * @param incarnation {@link #UNKNOWN} in files of older versions
   * @param lineage empty in files of older versions
   */
  record Memory(long incarnation, String lineage) {

    static final long UNKNOWN = -1;

    static Memory of(Header header) {
      return new Memory(
          header.incarnation() == null ? UNKNOWN : header.incarnation(),
          header.lineage() == null ? "" : header.lineage());
    }
  }

  private final Path folder;

  public SnapshotFile(Path folder) {
    this.folder = folder;
  }

  /** Reads the file of a namespace; empty when there is none that can be trusted. */
  public Optional<Raw> load(Namespace ns) {
    Path file = file(ns);
    try {
      if (Files.size(file) > LARGEST) {
        throw new IOException("larger than " + LARGEST + " bytes");
      }
      Raw raw = decode(Files.readAllBytes(file));
      if (!raw.header().namespace().equals(ns.toString())) {
        throw new IOException("of " + raw.header().namespace());
      }
      return Optional.of(raw);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | ZkException e) {
      log.warn("config {}: the snapshot {} is not used: {}", ns, file, e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Writes the file of a namespace unless it holds a newer state of the same ensemble.
   *
   * @return why the file does not hold the state; empty if it does
   */
  Optional<String> save(
      String cluster,
      LoadedRelease loaded,
      Instant now,
      List<KeyRing.KeyRecord> keys,
      Memory memory) {
    LoadedRelease.Text text = loaded.release();
    if (text == null) {
      return Optional.empty();
    }
    Header header = new Header(
        cluster,
        loaded.ns().toString(),
        now,
        loaded.rule(),
        List.copyOf(keys),
        memory.incarnation(),
        memory.lineage());
    try {
      if (!holdsNewer(header, loaded)) {
        AtomicFile.write(file(loaded.ns()), encode(header, loaded.head(), text));
      }
      return Optional.empty();
    } catch (FileSystemException e) {
      String reason = e.getReason();
      return Optional.of(reason == null ? e.toString() : reason + " (" + e.getFile() + ")");
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(e.toString());
    }
  }

  static byte[] encode(Header header, Head head, LoadedRelease.Text text) {
    byte[] release = StoredRelease.encode(text.manifest(), text.packed());
    byte[] state = new HeaderAndPayload(Head.CODEC.encode(head), release).toBytes();
    byte[] body = new HeaderAndPayload(Header.CODEC.encode(header), state).toBytes();
    return new HeaderAndPayload(firstLineOf(body), body).toBytes();
  }

  private static byte[] firstLineOf(byte[] body) {
    return (MAGIC + Digests.sha256(body)).getBytes(StandardCharsets.US_ASCII);
  }

  public static Raw decode(byte[] file) throws IOException {
    HeaderAndPayload whole = HeaderAndPayload.parse(file);
    if (!Arrays.equals(whole.header(), firstLineOf(whole.payload()))) {
      throw new IOException("damaged, or not of this kind");
    }
    HeaderAndPayload body = HeaderAndPayload.parse(whole.payload());
    HeaderAndPayload state = HeaderAndPayload.parse(body.payload());
    return new Raw(
        StoredRelease.value(Header.CODEC.decode(body.header()), "header"),
        StoredRelease.value(Head.CODEC.decode(state.header()), "head"),
        StoredRelease.decode(state.payload()));
  }

  private boolean holdsNewer(Header header, LoadedRelease loaded) {
    if (!Files.exists(file(loaded.ns()))) {
      return false;
    }
    Optional<Raw> there = load(loaded.ns());
    return there.isPresent()
        && there.get().header().cluster().equals(header.cluster())
        && Memory.of(header).incarnation() <= Memory.of(there.get().header()).incarnation()
        && loaded
            .head()
            .isOlderThan(there.get().head().epoch(), there.get().head().revision());
  }

  public Path file(Namespace ns) {
    return folder.resolve(ns.env() + "~" + ns.app() + "~" + ns.name() + ".snapshot");
  }

  /** The id kept in the folder, so that a process started again is the same instance. */
  static @Nullable String keptId(Path folder) {
    Path file = folder.resolve("instance-id");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Files.writeString(
            file,
            UUID.randomUUID().toString(),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      log.warn("{}: no instance id can be kept: {}", file, e.toString());
      return null;
    }
  }
}
