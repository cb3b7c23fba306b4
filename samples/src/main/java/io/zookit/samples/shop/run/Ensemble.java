package io.zookit.samples.shop.run;

/** The ZooKeeper that the demo runs on. */
interface Ensemble extends AutoCloseable {

  /** Returns the connect string for the processes of the shop. */
  String connectString();

  /** Below which node everything of the shop is. */
  String root();

  /** Leaves nothing behind. */
  @Override
  void close();
}
