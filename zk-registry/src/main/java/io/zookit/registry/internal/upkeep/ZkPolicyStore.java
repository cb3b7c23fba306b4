package io.zookit.registry.internal.upkeep;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.PolicyStore;
import io.zookit.registry.balance.Route;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

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
  public LiveValue<ServicePolicy> follow() {
    runtime.requireOpen();
    return PolicyFollower.open(runtime.client(), place);
  }

  @Override
  public ServicePolicy change(UnaryOperator<ServicePolicy> change) throws InterruptedException {
    while (true) {
      VersionedPolicy before = current();
      ServicePolicy after = change.apply(before.policy);
      byte[] data = after.encode();
      AuditedChange audited = AuditedChange.of("service.policy", place.service())
          .with(difference(before.policy, after));
      Code code =
          before.version < 0 ? create(data, audited) : replace(data, before.version, audited);
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

  /** The rules and routes that a change replaces, as they are afterwards. */
  private static String difference(ServicePolicy before, ServicePolicy after) {
    List<String> changes = new ArrayList<>();
    Set<String> ids = new TreeSet<>(before.instances().keySet());
    ids.addAll(after.instances().keySet());
    for (String id : ids) {
      InstanceRule rule = after.instances().get(id);
      if (rule == null) {
        changes.add("no rule of instance " + id);
      } else if (!rule.equals(before.instances().get(id))) {
        changes.add("instance " + id + ": " + describe(rule));
      }
    }
    if (!before.routes().equals(after.routes())) {
      changes.add("routes: " + after.routes().stream().map(Route::name).toList());
    }
    return String.join("; ", changes);
  }

  private static String describe(InstanceRule rule) {
    return (rule.disabled() ? "disabled" : "enabled")
        + rule.weight().map(weight -> ", weight " + weight).orElse("")
        + (rule.drain() ? ", drained" : "")
        + rule.until().map(until -> ", until " + until).orElse("")
        + ", by " + rule.by();
  }

  private Code create(byte[] data, AuditedChange audited) throws InterruptedException {
    Op create = Op.create(
        place.policy().value(), data, runtime.client().acl(place.policy()), CreateMode.PERSISTENT);
    Answer<List<OpResult>> created = runtime.ask(
        place.policy(),
        (handle, reply) -> CreateWithParents.of(
                handle,
                place.serviceFolders(),
                (Consumer<Answer<List<OpResult>>> answer) ->
                    runtime.client().audit().commit(handle, audited, List.of(create), answer),
                reply)
            .send());
    return created.code();
  }

  private Code replace(byte[] data, int version, AuditedChange audited)
      throws InterruptedException {
    Op replace = Op.setData(place.policy().value(), data, version);
    Answer<List<OpResult>> set = runtime.ask(
        place.policy(),
        (handle, reply) ->
            runtime.client().audit().commit(handle, audited, List.of(replace), reply));
    return set.code();
  }

  @Override
  public String toString() {
    return named(place);
  }
}
