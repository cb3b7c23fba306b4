package io.zookit.config;

import io.zookit.config.format.Document;
import io.zookit.config.secret.SealedValue;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.CoreClient;
import io.zookit.core.internal.SerialLane;
import io.zookit.core.internal.SessionHandle;
import io.zookit.core.internal.ZkPath;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches one release for a client that follows: reads it on the loop, opens it on a lane, answers on the loop.
 *
 * <p>What comes is exactly what the head named, by number and hash, or a reason.
 */
final class ReleaseFetch {

  private static final Logger log = LoggerFactory.getLogger(ReleaseFetch.class);

  /**
   * A release, or why there is none.
   *
   * @param unread whether it, or a key it needs, could not even be read, which says nothing about it
   */
  record Result(Loaded.@Nullable Text text, String problem, boolean unread) {}

  private final CoreClient client;
  private final ConfigTree tree;
  private final Sealer sealer;
  private final SerialLane lane;

  ReleaseFetch(CoreClient client, ConfigTree tree, Sealer sealer, SerialLane lane) {
    this.client = client;
    this.tree = tree;
    this.sealer = sealer;
    this.lane = lane;
  }

  /** Takes the release out of the head it rides in, at once when there is nothing to unseal, else fetches it. On the loop. */
  void fetch(Namespace ns, Head head, Pointer pointer, Consumer<Result> reply) {
    Optional<StoredRelease> riding = head.rider(pointer).flatMap(ReleaseFetch::riding);
    if (riding.isEmpty()) {
      fetch(ns, pointer, reply);
      return;
    }
    StoredRelease stored = riding.get();
    Result opened = openPlain(stored);
    if (opened == null) {
      openOnLane(ns, stored, stored.payload(), reply);
    } else if (opened.text() == null) {
      fetch(ns, pointer, reply);
    } else {
      reply.accept(opened);
    }
  }

  private static Optional<StoredRelease> riding(Head.Rider rider) {
    try {
      return Optional.of(rider.release());
    } catch (ZkException e) {
      return Optional.empty(); // it is damaged here; it stands in its own node too
    }
  }

  /** What needs no keys, opened; null when there is something to unseal. */
  private static @Nullable Result openPlain(StoredRelease stored) {
    try {
      Document document = stored.open(stored.payload());
      boolean sealed = document.values().values().stream().anyMatch(SealedValue::isSealed);
      return sealed
          ? null
          : new Result(
              new Loaded.Text(stored.manifest(), stored.payload(), document.values(), Map.of()),
              "",
              false);
    } catch (ZkException | IllegalArgumentException e) {
      return failed(stored.manifest().pointer(), "damaged in the head");
    }
  }

  /** Fetches a release. On the loop. */
  void fetch(Namespace ns, Pointer pointer, Consumer<Result> reply) {
    Optional<SessionHandle> handle = client.handle();
    if (handle.isEmpty()) {
      reply.accept(unread(pointer, "not connected"));
      return;
    }
    handle.get().getData(tree.release(ns, pointer.release()), null, read -> {
      if (!read.isOk()) {
        String code = read.code().toString();
        reply.accept(read.isAnswered() ? failed(pointer, code) : unread(pointer, code));
        return;
      }
      try {
        onRead(handle.get(), ns, pointer, StoredRelease.decode(read.get().data()), reply);
      } catch (ZkException e) {
        reply.accept(failed(pointer, Objects.requireNonNullElse(e.getMessage(), "damaged")));
      }
    });
  }

  /** Opens what was read, here from a file. On the lane. */
  Result open(Namespace ns, StoredRelease stored, byte[] packed) {
    try {
      Document document = stored.open(packed);
      Map<String, SealedValue> secrets = new HashMap<>();
      document
          .values()
          .forEach((key, value) ->
              SealedValue.read(value).ifPresent(secret -> secrets.put(key, secret)));
      Map<String, String> values =
          secrets.isEmpty() ? document.values() : sealer.open(ns, document);
      return new Result(new Loaded.Text(stored.manifest(), packed, values, secrets), "", false);
    } catch (ZkUnavailableException e) {
      return unread(stored.manifest().pointer(), "a key was not read");
    } catch (ZkException | IllegalArgumentException e) {
      return failed(
          stored.manifest().pointer(), Objects.requireNonNullElse(e.getMessage(), "damaged"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unread(stored.manifest().pointer(), "interrupted");
    } catch (Throwable e) { // of a provider of keys: whoever waits is answered all the same
      log.error("config {}: release {} cannot be opened", ns, stored.manifest().number(), e);
      return failed(stored.manifest().pointer(), e.toString());
    }
  }

  private void onRead(
      SessionHandle handle,
      Namespace ns,
      Pointer pointer,
      StoredRelease stored,
      Consumer<Result> reply) {
    Manifest manifest = stored.manifest();
    if (!manifest.pointer().equals(pointer)) {
      reply.accept(failed(pointer, "not the one the head names"));
    } else if (manifest.blob() == null) {
      openOnLane(ns, stored, stored.payload(), reply);
    } else {
      pieces(handle, ns, stored, reply);
    }
  }

  private void pieces(
      SessionHandle handle, Namespace ns, StoredRelease stored, Consumer<Result> reply) {
    Manifest manifest = stored.manifest();
    String blob = Objects.requireNonNull(manifest.blob());
    int chunks = Objects.requireNonNull(manifest.chunks());
    byte[] @Nullable [] pieces = new byte[chunks][];
    int[] left = {chunks};
    boolean[] unanswered = {false};
    for (int i = 0; i < chunks; i++) {
      int index = i;
      ZkPath path = tree.chunk(ns.env(), blob, i);
      handle.getData(path, null, read -> {
        pieces[index] = read.isOk() ? read.get().data() : null;
        unanswered[0] |= !read.isAnswered();
        if (--left[0] > 0) {
          return;
        }
        if (unanswered[0]) {
          reply.accept(unread(manifest.pointer(), "a piece was not read"));
        } else {
          together(ns, stored, pieces, reply);
        }
      });
    }
  }

  private void together(
      Namespace ns, StoredRelease stored, byte[] @Nullable [] pieces, Consumer<Result> reply) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(stored.manifest().stored());
    for (byte[] piece : pieces) {
      if (piece == null) {
        reply.accept(failed(stored.manifest().pointer(), "a piece is missing"));
        return;
      }
      all.writeBytes(piece);
    }
    openOnLane(ns, stored, all.toByteArray(), reply);
  }

  private void openOnLane(
      Namespace ns, StoredRelease stored, byte[] packed, Consumer<Result> reply) {
    lane.execute(() -> {
      Result result = open(ns, stored, packed);
      client.loop().execute(() -> reply.accept(result));
    });
  }

  private static Result failed(Pointer pointer, String reason) {
    return new Result(null, "release " + pointer.release() + ": " + reason, false);
  }

  private static Result unread(Pointer pointer, String reason) {
    return new Result(null, "release " + pointer.release() + ": " + reason, true);
  }
}
