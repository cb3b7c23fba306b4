package io.zookit.config.internal.zk;

import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.secret.DataKey;
import io.zookit.config.secret.KeyProvider;
import io.zookit.config.secret.SecretException;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data keys of each environment, as ZooKeeper has them and unwrapped in memory.
 *
 * <p>The key with the greatest number seals; all open. A key's node is only ever re-wrapped, so a key once unwrapped
 * stays right.
 */
public final class KeyRing {

  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

  /** A wrapped key. */
  public record KeyRecord(
      @Stored("id") String id,
      @Stored("master") String master,
      @Stored("wrapped") String wrapped,
      @Stored("at") Instant at) {

    public static final RecordCodec<KeyRecord> CODEC = RecordCodec.of(KeyRecord.class, 1);

    KeyProvider.Wrapped toWrapped() {
      return new KeyProvider.Wrapped(master, Base64.getDecoder().decode(wrapped));
    }
  }

  private record StoredKey(KeyRecord key, int version) {}

  private final StoredConfigReader reader;
  private final ConfigNodes nodes;
  private final Supplier<Instant> clock;
  private final @Nullable KeyProvider provider;
  private final Map<String, DataKey> open = new ConcurrentHashMap<>();
  private final Map<String, KeyRecord> records = new ConcurrentHashMap<>();

  KeyRing(
      StoredConfigReader reader,
      ConfigNodes nodes,
      Supplier<Instant> clock,
      @Nullable KeyProvider provider) {
    this.reader = reader;
    this.nodes = nodes;
    this.clock = clock;
    this.provider = provider;
  }

  boolean canOpen() {
    return provider != null;
  }

  /** The key that seals; made when there is none. */
  DataKey sealing(String env) throws InterruptedException {
    requireProvider();
    List<KeyRecord> all = list(env);
    if (all.isEmpty()) {
      add(env, 1);
      all = list(env);
    }
    return unwrapped(env, all.get(all.size() - 1));
  }

  /** The key that a value was sealed with. */
  DataKey opening(String env, String id) throws InterruptedException {
    requireProvider();
    DataKey known = open.get(env + "/" + id);
    if (known != null) {
      return known;
    }
    return unwrapped(env, stored(env, id).key());
  }

  /** The wrapped keys of an environment, oldest first. */
  public List<KeyRecord> list(String env) throws InterruptedException {
    List<String> ids = reader.calls().children(reader.paths().keys(env));
    if (ids.isEmpty()) {
      return List.of();
    }
    List<Optional<SessionHandle.Node>> nodes = reader
        .calls()
        .readAll(ids.stream().map(id -> reader.paths().key(env, id)).toList());
    List<KeyRecord> all = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      all.add(stored(env, ids.get(i), nodes.get(i)).key());
    }
    all.sort(Comparator.comparingInt(key -> number(key.id())));
    return all;
  }

  /** Wraps every key with the provider's current one. */
  public int rewrap(String env) throws InterruptedException {
    KeyProvider keys = requireProvider();
    int changed = 0;
    for (KeyRecord each : list(env)) {
      boolean done = each.master().equals(keys.current());
      while (!done) {
        StoredKey now = stored(env, each.id());
        done =
            replace(env, now, DataKey.rewrap(keys, now.key().toWrapped(), bound(env, each.id())));
        changed++;
      }
    }
    return changed;
  }

  /** Makes a new key that seals from now on. */
  public String addNext(String env) throws InterruptedException {
    requireProvider();
    List<KeyRecord> all = list(env);
    int next = all.isEmpty() ? 1 : number(all.get(all.size() - 1).id()) + 1;
    add(env, next);
    return "k" + next;
  }

  /**
   * Unwraps a key that a local snapshot brought, without ZooKeeper. One that cannot be unwrapped leaves no trace: the
   * node may have been re-wrapped since.
   */
  public void remember(String env, KeyRecord key) {
    if (!open.containsKey(env + "/" + key.id())) {
      unwrapped(env, key);
    }
  }

  /** The wrapped form of a key that was used here; as it is now, if it can be had, when it is not of the current master key. */
  public Optional<KeyRecord> record(String env, String id) throws InterruptedException {
    KeyRecord used = records.get(env + "/" + id);
    try {
      if (used != null && !used.master().equals(requireProvider().current())) {
        refresh(env, id);
      }
    } catch (RuntimeException e) { // also of a provider; what was used is better than nothing
      log.warn("data key {}/{}: cannot be read anew: {}", env, id, e.toString());
    }
    return Optional.ofNullable(records.get(env + "/" + id));
  }

  /** Takes over how a key is wrapped now, unless there is no answer, or it cannot be unwrapped here. */
  private void refresh(String env, String id) throws InterruptedException {
    ZkPath path = reader.paths().key(env, id);
    Answer<SessionHandle.Node> read = reader
        .calls()
        .once(
            (handle, reply) -> handle.getData(path, null, reply), reader.calls().deadline());
    if (read.isOk()) {
      KeyRecord now =
          StoredRelease.value(KeyRecord.CODEC.decode(read.get().data()), path.toString());
      DataKey.unwrap(id, requireProvider(), now.toWrapped(), bound(env, id));
      records.put(env + "/" + id, now);
    }
  }

  private DataKey unwrapped(String env, KeyRecord key) {
    String name = env + "/" + key.id();
    DataKey unwrapped = open.computeIfAbsent(
        name,
        first ->
            DataKey.unwrap(key.id(), requireProvider(), key.toWrapped(), bound(env, key.id())));
    records.put(name, key);
    return unwrapped;
  }

  private StoredKey stored(String env, String id) throws InterruptedException {
    return stored(env, id, reader.calls().read(reader.paths().key(env, id)));
  }

  private StoredKey stored(String env, String id, Optional<SessionHandle.Node> read) {
    SessionHandle.Node node =
        read.orElseThrow(() -> new SecretException("data key " + env + "/" + id + ": not there"));
    return new StoredKey(
        StoredRelease.value(
            KeyRecord.CODEC.decode(node.data()), reader.paths().key(env, id).toString()),
        node.stat().getVersion());
  }

  private void add(String env, int number) throws InterruptedException {
    String id = "k" + number;
    ZkPath path = reader.paths().key(env, id);
    byte[] data = encode(id, DataKey.create(requireProvider(), bound(env, id)));
    nodes.ensureBelow(env, reader.paths().keys(env));
    nodes.createIfAbsent(path, data);
  }

  private boolean replace(String env, StoredKey old, KeyProvider.Wrapped wrapped)
      throws InterruptedException {
    ZkPath path = reader.paths().key(env, old.key().id());
    byte[] data = encode(old.key().id(), wrapped);
    Answer<Stat> set = reader
        .calls()
        .ask(path, (handle, reply) -> handle.setData(path, data, old.version(), reply));
    if (!set.isOk() && set.code() != Code.BADVERSION) {
      throw KeeperErrors.of(set.code(), path);
    }
    return set.isOk() || stored(env, old.key().id()).key().master().equals(wrapped.master());
  }

  private byte[] encode(String id, KeyProvider.Wrapped wrapped) {
    String text = Base64.getEncoder().encodeToString(wrapped.bytes());
    return KeyRecord.CODEC.encode(new KeyRecord(id, wrapped.master(), text, clock.get()));
  }

  private KeyProvider requireProvider() {
    if (provider == null) {
      throw new SecretException("no key provider is set; secrets can be neither sealed nor opened");
    }
    return Objects.requireNonNull(provider);
  }

  private static String bound(String env, String id) {
    return "zookit config data key " + env + "/" + id;
  }

  private static int number(String id) {
    return id.matches("k\\d{1,8}") ? Integer.parseInt(id.substring(1)) : 0;
  }
}
