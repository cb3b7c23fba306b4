package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import io.zookit.config.format.Document;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.format.MalformedContentException;
import io.zookit.config.internal.follow.DecodedCache.CacheKey;
import io.zookit.config.internal.follow.DecodedCache.CacheShare;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.config.internal.zk.Sealer;
import io.zookit.config.secret.SealedValue;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads one release for a client that follows: reads it on the loop, opens it there or on a lane, and replies on the loop.
 *
 * <p>The reply is exactly what the head named, by number and hash, or a reason. It comes whatever is thrown.
 */
final class ReleaseLoader {

  private static final Logger log = LoggerFactory.getLogger(ReleaseLoader.class);

  /** Outcome of loading a release. */
  enum End {
    /** With the release. */
    OPENED,
    /** It, or a key it needs, could not be read, which says nothing about it. */
    UNREAD,
    /** It is not what was published, or a key to it is missing. */
    DAMAGED,
    /** It is what was published, and this client cannot use it. */
    REFUSED,
    /** This client failed to open it; it may succeed another time. */
    FAILED
  }

  /** Everything that a decoded release depends on besides its bytes. */
  private record ReleaseForm(Manifest manifest, DocumentLimits limits) {}

  /**
   * The head that contains a release. Clients that read the same bytes share one object, so it is the same data if it is the
   * same object.
   */
  private static final class ContainingHead {
    private final Head head;

    ContainingHead(Head head) {
      this.head = head;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ContainingHead that && that.head == head;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(head);
    }
  }

  /** A release, or why there is none. */
  record Result(End end, LoadedRelease.@Nullable Text text, String problem) {}

  /**
   * Source of a release.
   *
   * @param path of the node that contains it
   * @param version of that node, as for a {@link CacheKey}
   */
  record ReleaseSource(Namespace ns, String path, long version, DocumentLimits limits) {

    static final long OF_A_FILE = -1;
  }

  /** Bytes that a decoded release occupies for each byte of its text. */
  private static final int WEIGHT = 4;

  /** The limits of what is opened on the loop; anything greater goes to the lane. */
  private static final DocumentLimits QUICK = new DocumentLimits(20_000, 64 * 1024);

  private final CoreClient client;
  private final ConfigPaths paths;
  private final Sealer sealer;
  private final SerialLane lane;
  private final Supplier<CacheShare> cache;

  /**
   * Creates a loader.
   *
   * @param cache returns what other clients have decoded
   */
  ReleaseLoader(
      CoreClient client,
      ConfigPaths paths,
      Sealer sealer,
      SerialLane lane,
      Supplier<CacheShare> cache) {
    this.client = client;
    this.paths = paths;
    this.sealer = sealer;
    this.lane = lane;
    this.cache = cache;
  }

  /**
   * Takes the release out of the head that contains it, or reads it. What is small and has no secrets is opened on the
   * thread that read it, anything else on the lane. On the loop, where it also replies.
   */
  void load(Namespace ns, Head head, ReleaseRef pointer, Consumer<Result> reply) {
    Optional<Head.InlineRelease> rider = head.rider(pointer);
    CacheShare shared = cache.get();
    CacheKey key = new CacheKey(
        paths.head(ns).value(), head.revision(), CacheKey.COMPARED, new ContainingHead(head));
    Optional<LoadedRelease.Text> known =
        rider.flatMap(present -> shared.find(LoadedRelease.Text.class, key));
    if (known.isPresent()) {
      reply.accept(opened(known.get()));
      return;
    }
    Optional<StoredRelease> inline = rider.flatMap(ReleaseLoader::inline);
    if (inline.isEmpty()) {
      read(ns, pointer, head.most(), reply);
      return;
    }
    StoredRelease stored = inline.get();
    ReleaseSource source =
        new ReleaseSource(ns, paths.head(ns).value(), head.revision(), head.most());
    Optional<Result> opened = openQuickly(source, stored);
    if (opened.isEmpty()) {
      openOnLane(source, stored, stored.payload(), reply);
      return;
    }
    LoadedRelease.Text text = opened.get().text();
    if (text == null) {
      read(ns, pointer, head.most(), reply);
    } else {
      long size = WEIGHT * (long) stored.payload().length; // of the head, which the key holds
      reply.accept(opened(shared.keep(LoadedRelease.Text.class, key, text, size)));
    }
  }

  private static Optional<StoredRelease> inline(Head.InlineRelease rider) {
    try {
      return Optional.of(rider.release());
    } catch (ZkException e) {
      return Optional.empty(); // it is damaged here; its own node has it, too
    }
  }

  /** Opens what needs no keys and little memory; empty if that is for the lane. Throws nothing. */
  private Optional<Result> openQuickly(ReleaseSource source, StoredRelease stored) {
    try {
      DocumentLimits limits = source.limits().atMost(QUICK);
      return decode(source, stored, stored.payload(), limits) instanceof LoadedRelease.Text text
          ? Optional.of(opened(text))
          : Optional.empty();
    } catch (ZkException e) {
      return Optional.of(ended(End.DAMAGED, stored.manifest().pointer(), "damaged in the head"));
    } catch (Throwable e) { // the lane judges it
      log.debug("release {} is not opened on the loop", stored.manifest().number(), e);
      return Optional.empty();
    }
  }

  private void read(
      Namespace ns, ReleaseRef pointer, DocumentLimits limits, Consumer<Result> reply) {
    Optional<SessionHandle> handle = client.handle();
    if (handle.isEmpty()) {
      reply.accept(ended(End.UNREAD, pointer, "not connected"));
      return;
    }
    ZkPath path = paths.release(ns, pointer.release());
    handle.get().getData(path, null, read -> {
      if (read.isOk()) {
        long version = read.get().stat().getMzxid();
        ReleaseSource source = new ReleaseSource(ns, path.value(), version, limits);
        onRead(handle.get(), source, pointer, read.get().data(), reply);
      } else {
        End end = read.isAnswered() ? End.DAMAGED : End.UNREAD;
        reply.accept(ended(end, pointer, read.code().toString()));
      }
    });
  }

  private void onRead(
      SessionHandle handle,
      ReleaseSource source,
      ReleaseRef pointer,
      byte[] data,
      Consumer<Result> reply) {
    StoredRelease stored;
    try {
      stored = StoredRelease.decode(data);
    } catch (ZkException e) {
      reply.accept(
          ended(End.DAMAGED, pointer, Objects.requireNonNullElse(e.getMessage(), "damaged")));
      return;
    } catch (Throwable e) { // the caller waits for a reply
      log.error("release {} cannot be decoded", pointer.release(), e);
      reply.accept(failed(pointer, e));
      return;
    }
    if (!stored.manifest().pointer().equals(pointer)) {
      reply.accept(ended(End.DAMAGED, pointer, "not the one the head names"));
    } else if (stored.manifest().blob() != null) {
      pieces(handle, source, stored, reply);
    } else {
      openQuickly(source, stored)
          .filter(opened -> opened.text() != null)
          .ifPresentOrElse(reply, () -> openOnLane(source, stored, stored.payload(), reply));
    }
  }

  /** Opens what was read, here or from a file, whatever is thrown. On the lane. */
  Result open(ReleaseSource source, StoredRelease stored, byte[] packed) {
    Namespace ns = source.ns();
    ReleaseRef pointer = stored.manifest().pointer();
    try {
      LoadedRelease.DecodedRelease decoded = decode(source, stored, packed, source.limits());
      if (decoded instanceof LoadedRelease.SealedText sealed) {
        Map<String, String> values = sealer.open(ns, sealed.document());
        return opened(new LoadedRelease.Text(stored.manifest(), packed, values, sealed.secrets()));
      }
      return opened((LoadedRelease.Text) decoded);
    } catch (MalformedContentException e) {
      return ended(End.REFUSED, pointer, Objects.requireNonNullElse(e.getMessage(), "malformed"));
    } catch (ZkUnavailableException e) {
      return ended(End.UNREAD, pointer, "a key was not read");
    } catch (ZkException | IllegalArgumentException e) {
      return ended(End.DAMAGED, pointer, Objects.requireNonNullElse(e.getMessage(), "damaged"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ended(End.UNREAD, pointer, "interrupted");
    } catch (RuntimeException e) { // of a provider of keys
      log.error("config {}: release {} cannot be opened", ns, pointer.release(), e);
      return ended(End.DAMAGED, pointer, e.toString());
    } catch (Throwable e) { // memory or stack is exhausted: the caller is answered all the same
      log.error("config {}: release {} cannot be opened", ns, pointer.release(), e);
      return failed(pointer, e);
    }
  }

  /** Decodes a release, unless another client that has read it did; secrets stay sealed. */
  private LoadedRelease.DecodedRelease decode(
      ReleaseSource source, StoredRelease stored, byte[] packed, DocumentLimits limits) {
    CacheShare shared = cache.get();
    if (!shared.isOpen() || source.version() == ReleaseSource.OF_A_FILE) {
      return decode(stored, packed, limits);
    }
    CacheKey key = new CacheKey(
        source.path(),
        source.version(),
        Digests.sha256(packed),
        new ReleaseForm(stored.manifest(), limits));
    return shared
        .find(LoadedRelease.DecodedRelease.class, key)
        .orElseGet(() -> shared.keep(
            LoadedRelease.DecodedRelease.class,
            key,
            decode(stored, packed, limits),
            WEIGHT * (long) stored.manifest().size() + packed.length));
  }

  private static LoadedRelease.DecodedRelease decode(
      StoredRelease stored, byte[] packed, DocumentLimits limits) {
    Document document = stored.open(packed, limits);
    Map<String, SealedValue> secrets = new HashMap<>();
    document
        .values()
        .forEach(
            (key, value) -> SealedValue.read(value).ifPresent(secret -> secrets.put(key, secret)));
    return secrets.isEmpty()
        ? new LoadedRelease.Text(stored.manifest(), packed, document.values(), Map.of())
        : new LoadedRelease.SealedText(document, Map.copyOf(secrets));
  }

  private void pieces(
      SessionHandle handle, ReleaseSource source, StoredRelease stored, Consumer<Result> reply) {
    Manifest manifest = stored.manifest();
    String blob = Objects.requireNonNull(manifest.blob());
    int chunks = Objects.requireNonNull(manifest.chunks());
    byte[] @Nullable [] pieces = new byte[chunks][];
    int[] left = {chunks};
    boolean[] unanswered = {false};
    for (int i = 0; i < chunks; i++) {
      int index = i;
      ZkPath path = paths.chunk(source.ns().env(), blob, i);
      handle.getData(path, null, read -> {
        pieces[index] = read.isOk() ? read.get().data() : null;
        unanswered[0] |= !read.isAnswered();
        if (--left[0] > 0) {
          return;
        }
        if (unanswered[0]) {
          reply.accept(ended(End.UNREAD, manifest.pointer(), "a piece was not read"));
        } else {
          together(source, stored, pieces, reply);
        }
      });
    }
  }

  private void together(
      ReleaseSource source,
      StoredRelease stored,
      byte[] @Nullable [] pieces,
      Consumer<Result> reply) {
    for (byte[] piece : pieces) {
      if (piece == null) {
        reply.accept(ended(End.DAMAGED, stored.manifest().pointer(), "a piece is missing"));
        return;
      }
    }
    onLane(
        () -> {
          ByteArrayOutputStream all =
              new ByteArrayOutputStream(stored.manifest().stored());
          for (byte[] piece : pieces) {
            all.writeBytes(Objects.requireNonNull(piece));
          }
          return open(source, stored, all.toByteArray());
        },
        stored.manifest().pointer(),
        reply);
  }

  private void openOnLane(
      ReleaseSource source, StoredRelease stored, byte[] packed, Consumer<Result> reply) {
    onLane(() -> open(source, stored, packed), stored.manifest().pointer(), reply);
  }

  private void onLane(Supplier<Result> opening, ReleaseRef pointer, Consumer<Result> reply) {
    try {
      lane.execute(() -> {
        Result result;
        try {
          result = opening.get();
        } catch (Throwable e) {
          log.error("release {} cannot be opened", pointer.release(), e);
          result = failed(pointer, e);
        }
        Result answer = result;
        client.loop().execute(() -> reply.accept(answer));
      });
    } catch (Throwable e) {
      log.error("release {} cannot be opened", pointer.release(), e);
      reply.accept(failed(pointer, e));
    }
  }

  private static Result opened(LoadedRelease.Text text) {
    return new Result(End.OPENED, text, "");
  }

  private static Result failed(ReleaseRef pointer, Throwable thrown) {
    return ended(End.FAILED, pointer, "failed with " + thrown.getClass().getName());
  }

  private static Result ended(End end, ReleaseRef pointer, String reason) {
    return new Result(end, null, "release " + pointer.release() + ": " + reason);
  }
}
