package io.zookit.registry.internal.upkeep;

import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle.Created;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.PolicyStore;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.policy.ServicePolicy;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/** The document in ZooKeeper. */
public final class ZkPolicyStore implements PolicyStore {

  private final RegistryRuntime runtime;
  private final ServicePaths place;

  public ZkPolicyStore(RegistryRuntime runtime, ServicePaths place) {
    this.runtime = runtime;
    this.place = place;
  }

  /** The stored policy and the version of its node; −1 if the node does not exist. */
  private record VersionedPolicy(ServicePolicy policy, int version) {}

  @Override
  public ServicePolicy read() throws InterruptedException {
    return current().policy;
  }

  @Override
  public ServicePolicy change(UnaryOperator<ServicePolicy> change) throws InterruptedException {
    while (true) {
      VersionedPolicy before = current();
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

  private VersionedPolicy current() throws InterruptedException {
    Answer<Node> read =
        runtime.ask(place.policy(), (handle, reply) -> handle.getData(place.policy(), null, reply));
    return new VersionedPolicy(
        policyIn(place, read), read.isOk() ? read.get().stat().getVersion() : -1);
  }

  /**
   * The policy in an answer; the empty one if the node does not exist.
   *
   * @throws ZkException if it could not be read or decoded
   */
  public static ServicePolicy policyIn(ServicePaths place, Answer<Node> read) {
    if (read.code() == Code.NONODE) {
      return ServicePolicy.NONE;
    }
    if (!read.isOk()) {
      throw unreadable(place, read.code());
    }
    return ServicePolicy.decode(read.get().data()).orElseThrow(() -> malformed(place));
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
    Answer<Created> created = runtime.ask(
        place.policy(),
        (handle, reply) -> CreateWithParents.create(
            handle,
            place.serviceFolders(),
            place.policy(),
            data,
            runtime.client().acl(place.policy()),
            CreateMode.PERSISTENT,
            reply));
    return created.code();
  }

  private Code replace(byte[] data, int version) throws InterruptedException {
    Answer<Stat> set = runtime.ask(
        place.policy(), (handle, reply) -> handle.setData(place.policy(), data, version, reply));
    return set.code();
  }

  @Override
  public String toString() {
    return named(place);
  }
}
