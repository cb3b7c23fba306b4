package io.zookit.samples.shop.run;

import io.zookit.testkit.ZkProcesses;
import java.util.Optional;

/** The ZooKeeper that the demo runs on. */
interface Ensemble extends AutoCloseable {

  /** Returns the connect string for the processes of the shop. */
  String connectString();

  /** Returns the path of the node that contains all data of the shop. */
  String root();

  /** Returns the servers, if they are the demo's own to kill. */
  Optional<ZkProcesses> servers();

  /** Stops what was started, and deletes the data of the shop. */
  @Override
  void close();
}
