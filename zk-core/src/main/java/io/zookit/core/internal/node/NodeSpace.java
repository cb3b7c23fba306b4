package io.zookit.core.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionSource;
import java.util.List;
import org.apache.zookeeper.data.ACL;

/** The part of ZooKeeper's tree that a client uses, and the sessions in which it does. */
public interface NodeSpace extends SessionSource {

  /** The path everything lives under. */
  ZkPath rootPath();

  /** The access list of a node by the policy in force at this moment. */
  List<ACL> acl(ZkPath path);

  /** The name of this process that people see. */
  String label();
}
