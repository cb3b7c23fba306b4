package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.ConfigNodes;
import io.zookit.config.internal.zk.StoredConfigReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/** Makes the next release of a namespace as part of a transaction. */
public final class ReleaseBuilder {

  private static final int INLINE = 512 * 1024;
  private static final int INLINE_TOGETHER = 768 * 1024;

  /**
   * A release in the making.
   *
   * @param rider the same for the head, when it is small
   * @param ops the operations that create it, in the transaction of the change
   */
  record Made(Manifest manifest, String hash, Head.@Nullable InlineRelease rider, List<Op> ops) {}

  /** Origin of a release. */
  record Cause(
      Release.Kind kind,
      @Nullable Integer restores,
      Change change,
      String publishId,
      int companions) {}

  private final StoredConfigReader reader;
  private final ConfigNodes nodes;
  private final Blobs blobs;
  private final Supplier<Instant> clock;

  public ReleaseBuilder(
      StoredConfigReader reader, ConfigNodes nodes, Blobs blobs, Supplier<Instant> clock) {
    this.reader = reader;
    this.nodes = nodes;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** The release after the last one; large contents are written now, which is harmless if nothing follows. */
  Made make(Namespace ns, Head head, PreparedContent body, Cause cause)
      throws InterruptedException {
    byte[] packed = body.text().bytes();
    List<Op> ops = new ArrayList<>();
    Blobs.Ref blob = null;
    if (packed.length > Math.min(INLINE, INLINE_TOGETHER / Math.max(1, cause.companions()))) {
      blob = blobs.store(ns.env(), packed);
      ops.add(blobs.touch(ns.env(), blob.sha256()));
    }
    Manifest manifest = new Manifest(
        head.lastRelease() + 1,
        head.stable() == null ? null : head.stableNumber(),
        cause.kind(),
        cause.restores(),
        body.format(),
        cause.change().author(),
        clock.get(),
        cause.change().message(),
        cause.publishId(),
        body.keys(),
        body.text().size(),
        body.text().sha256(),
        head.releaseHash(),
        packed.length,
        blob == null ? null : blob.sha256(),
        blob == null ? null : blob.chunks());
    StoredRelease.Encoded encoded =
        StoredRelease.encodeWithHash(manifest, blob == null ? packed : new byte[0]);
    ops.add(nodes.createOp(reader.paths().release(ns, manifest.number()), encoded.node()));
    Head.InlineRelease rider = Head.InlineRelease.of(manifest, packed);
    return new Made(manifest, encoded.hash(), rider, List.copyOf(ops));
  }
}
