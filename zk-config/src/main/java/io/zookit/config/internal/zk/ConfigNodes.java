package io.zookit.config.internal.zk;

import io.zookit.config.Namespace;
import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/** Creates nodes, with the folders that they need and the access lists of the stored policy. */
public final class ConfigNodes {

  private final CoreClient client;
  private final ConfigPaths paths;
  private final RepeatedCalls calls;
  private final AccessLists access;

  ConfigNodes(CoreClient client, ConfigPaths paths, RepeatedCalls calls) {
    this.client = client;
    this.paths = paths;
    this.calls = calls;
    this.access = client.accessLists();
  }

  /** The operation that creates a node. */
  public Op createOp(ZkPath path, byte[] data) {
    return Op.create(path.value(), data, access.aclFor(path), CreateMode.PERSISTENT);
  }

  /** Sends the request that creates a node, again until it is answered. */
  public Answer<SessionHandle.Created> create(ZkPath path, byte[] data)
      throws InterruptedException {
    return calls.ask(
        path,
        (handle, reply) ->
            handle.create(path, data, access.aclFor(path), CreateMode.PERSISTENT, reply));
  }

  /** Creates a node unless it exists: it was created by another client, or by this call before its answer was lost. */
  void createIfAbsent(ZkPath path, byte[] data) throws InterruptedException {
    Answer<SessionHandle.Created> created = create(path, data);
    if (!created.isOk() && created.code() != Code.NODEEXISTS) {
      throw KeeperErrors.of(created.code(), path);
    }
  }

  /** Creates what is missing of the folders of a namespace. */
  public void ensureNamespace(Namespace ns) throws InterruptedException {
    List<ZkPath> chain = new ArrayList<>(List.of(paths.top(), paths.env(ns.env())));
    chain.addAll(List.of(paths.apps(ns.env()), paths.app(ns.env(), ns.app()), paths.namespace(ns)));
    chain.addAll(
        List.of(paths.releases(ns), paths.drafts(ns), paths.requests(ns), paths.audits(ns)));
    ensure(chain);
    // clients report their status there, and may not be allowed to create it
    ZkPath acks = paths.acks(ns);
    ZkPath app = acks.parent();
    ensure(List.of(app.parent().parent(), app.parent(), app, acks));
  }

  /** Creates what is missing of the folders down to one that belongs to a namespace. */
  public void ensureBelow(Namespace ns, ZkPath folder) throws InterruptedException {
    ensureBelow(
        ns.env(), paths.apps(ns.env()), paths.app(ns.env(), ns.app()), paths.namespace(ns), folder);
  }

  /** Creates what is missing of the folders down to one that belongs to an environment. */
  public void ensureBelow(String env, ZkPath... more) throws InterruptedException {
    List<ZkPath> chain = new ArrayList<>(List.of(paths.top(), paths.env(env)));
    chain.addAll(List.of(more));
    ensure(chain);
  }

  private void ensure(List<ZkPath> chain) throws InterruptedException {
    Folders folders = Folders.root(client);
    for (ZkPath path : chain) {
      folders = folders.persistent(client, path);
    }
    calls.ensure(folders, chain.get(chain.size() - 1));
  }

  /** Gives the data a name unless they have one; by it a client tells its files from those of another ensemble. */
  public void nameCluster() throws InterruptedException {
    byte[] name = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    createIfAbsent(paths.cluster(), name);
  }
}
