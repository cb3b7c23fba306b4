package io.zookit.registry;

import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle.Created;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.policy.ServicePolicy;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/** The document in ZooKeeper. */
final class ZkPolicyStore implements PolicyStore {

  private final RegistryEngine engine;
  private final ServicePaths place;

  ZkPolicyStore(RegistryEngine engine, ServicePaths place) {
    this.engine = engine;
    this.place = place;
  }

  /** What stands there, and in which version; −1 when nothing does. */
  private record Standing(ServicePolicy policy, int version) {}

  @Override
  public ServicePolicy read() throws InterruptedException {
    return standing().policy;
  }

  @Override
  public ServicePolicy change(UnaryOperator<ServicePolicy> change) throws InterruptedException {
    while (true) {
      Standing before = standing();
      ServicePolicy after = change.apply(before.policy);
      byte[] data = after.encode();
      Code code = before.version < 0 ? create(data) : replace(data, before.version);
      if (code == Code.OK) {
        return after;
      }
      if (code != Code.BADVERSION && code != Code.NODEEXISTS && code != Code.NONODE) {
        throw refused(code);
      }
    }
  }

  private ZkException refused(Code code) {
    return new ZkException(this + ": cannot be changed, ZooKeeper answered " + code);
  }

  private Standing standing() throws InterruptedException {
    Answer<Node> read =
        engine.answered(this, (handle, reply) -> handle.getData(place.policy(), null, reply));
    if (read.code() == Code.NONODE) {
      return new Standing(ServicePolicy.NONE, -1);
    }
    if (!read.isOk()) {
      throw unreadable(place, read.code());
    }
    ServicePolicy policy =
        ServicePolicy.decode(read.get().data()).orElseThrow(() -> malformed(place));
    return new Standing(policy, read.get().stat().getVersion());
  }

  /** ZooKeeper did not show it. */
  static ZkException unreadable(ServicePaths place, Code code) {
    return code == Code.NOAUTH
        ? new ZkAccessException(named(place) + ": cannot be read, ZooKeeper answered " + code)
        : new ZkException(named(place) + ": cannot be read, ZooKeeper answered " + code);
  }

  /** It holds something else. */
  static ZkException malformed(ServicePaths place) {
    return new ZkException(named(place) + ": written by a newer version, or damaged");
  }

  private static String named(ServicePaths place) {
    return "policy of service " + place.service();
  }

  private Code create(byte[] data) throws InterruptedException {
    AtomicReference<Code> folder = new AtomicReference<>(Code.OK);
    Answer<Created> made = engine.answered(this, (handle, reply) -> {
      place.serviceFolders().ensure(handle, ready -> folder.set(ready.code()));
      handle.create(
          place.policy(), data, engine.client().acl(place.policy()), CreateMode.PERSISTENT, reply);
    });
    Code above = Objects.requireNonNull(folder.get());
    if (made.code() == Code.NONODE && above != Code.OK) {
      throw refused(above); // to try again would end the same way
    }
    return made.code();
  }

  private Code replace(byte[] data, int version) throws InterruptedException {
    Answer<Stat> set = engine.answered(
        this, (handle, reply) -> handle.setData(place.policy(), data, version, reply));
    return set.code();
  }

  @Override
  public String toString() {
    return named(place);
  }
}
