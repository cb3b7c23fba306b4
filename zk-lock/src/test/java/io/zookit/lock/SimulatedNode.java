package io.zookit.lock;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.zookeeper.data.Stat;

/** What stands at a path. */
final class SimulatedNode {
  byte[] data;
  final long owner;
  final boolean container;
  final long czxid;
  long mzxid;
  long pzxid;
  int version;
  int created;
  final Set<String> children = new LinkedHashSet<>();

  SimulatedNode(byte[] data, long owner, boolean container, long zxid) {
    this.data = data;
    this.owner = owner;
    this.container = container;
    this.czxid = zxid;
    this.mzxid = zxid;
    this.pzxid = zxid;
  }

  Stat stat() {
    Stat stat = new Stat();
    stat.setCzxid(czxid);
    stat.setMzxid(mzxid);
    stat.setPzxid(pzxid);
    stat.setVersion(version);
    stat.setCversion(2 * created - children.size());
    stat.setNumChildren(children.size());
    stat.setEphemeralOwner(owner);
    return stat;
  }
}
