package io.zookit.testkit.internal.server;

import io.zookit.testkit.ZkNode;
import io.zookit.testkit.internal.host.Poll;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.DeleteContainerRequest;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.RequestProcessor;
import org.apache.zookeeper.server.RequestProcessor.RequestProcessorException;
import org.apache.zookeeper.server.RequestRecord;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * Sessions, watches and nodes that the clients of a server in this JVM left on it.
 *
 * <p>Nodes are removed by the request with which ZooKeeper removes empty containers. It asks neither for a session nor
 * for rights, and passes through the transaction log as any other.
 */
public final class ServerRemains {

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String QUOTAS = "/zookeeper/quota";

  private final ZooKeeperServer server;
  private final RequestProcessor processors;

  public ServerRemains(ZooKeeperServer server, RequestProcessor processors) {
    this.server = server;
    this.processors = processors;
  }

  /** Ends the sessions, then removes the nodes; false if something is left, as when a client keeps connecting. */
  public boolean remove() {
    try {
      server.getZKDatabase().getSessionWithTimeOuts().keySet().forEach(server::expire);
      if (!Poll.until(PATIENCE, this::isUnused)) {
        return false;
      }
      for (ZkNode node : nodesFromTheLeaves()) {
        delete(node.path());
      }
      return Poll.until(PATIENCE, () -> nodesFromTheLeaves().isEmpty()) && isUnused();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isUnused() {
    return server.getZKDatabase().getSessionCount() == 0 && tree().getWatchCount() == 0;
  }

  private List<ZkNode> nodesFromTheLeaves() {
    return Stream.concat(
            ServerTree.below("/", tree()).stream(), ServerTree.below(QUOTAS, tree()).stream())
        .sorted((a, b) -> b.compareTo(a))
        .toList();
  }

  private DataTree tree() {
    return server.getZKDatabase().getDataTree();
  }

  private void delete(String path) {
    RequestRecord record = RequestRecord.fromRecord(new DeleteContainerRequest(path));
    try {
      processors.processRequest(new Request(null, 0, 0, OpCode.deleteContainer, record, null));
    } catch (RequestProcessorException e) {
      throw new IllegalStateException(path + " was not removed", e);
    }
  }
}
