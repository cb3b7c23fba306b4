package io.zookit.testkit.internal.sim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/** A znode of one replica. */
public final class SimulatedNode {

  /** The owner that ZooKeeper gives to containers. */
  static final long CONTAINER = Long.MIN_VALUE;

  byte[] data;
  List<ACL> acl;
  final long owner;
  final long czxid;
  final long ctime;
  long mzxid;
  long mtime;
  long pzxid;
  int version;
  int aclVersion;
  int created;
  final Set<String> children = new LinkedHashSet<>();

  SimulatedNode(byte[] data, List<ACL> acl, long owner, long zxid, long millis) {
    this.data = data;
    this.acl = acl;
    this.owner = owner;
    this.czxid = zxid;
    this.mzxid = zxid;
    this.pzxid = zxid;
    this.ctime = millis;
    this.mtime = millis;
  }

  private SimulatedNode(SimulatedNode other) {
    this(other.data, other.acl, other.owner, other.czxid, other.ctime);
    mzxid = other.mzxid;
    mtime = other.mtime;
    pzxid = other.pzxid;
    version = other.version;
    aclVersion = other.aclVersion;
    created = other.created;
    children.addAll(other.children);
  }

  SimulatedNode copy() {
    return new SimulatedNode(this);
  }

  /** The data; not to be changed. */
  public byte[] data() {
    return data;
  }

  /** The names of the children, in the order of their creation. */
  public List<String> children() {
    return List.copyOf(children);
  }

  /** The session that owns an ephemeral node; 0 for any other node. */
  public long session() {
    return owner == CONTAINER ? 0 : owner;
  }

  /** Returns whether the ensemble would remove it now: a container that had children and has none. */
  public boolean isEmptiedContainer() {
    return owner == CONTAINER && created > 0 && children.isEmpty();
  }

  boolean isEphemeral() {
    return session() != 0;
  }

  /** The stat that a server answers. */
  public Stat stat() {
    Stat stat = new Stat();
    stat.setCzxid(czxid);
    stat.setMzxid(mzxid);
    stat.setPzxid(pzxid);
    stat.setCtime(ctime);
    stat.setMtime(mtime);
    stat.setVersion(version);
    stat.setAversion(aclVersion);
    stat.setCversion(2 * created - children.size());
    stat.setNumChildren(children.size());
    stat.setDataLength(data.length);
    stat.setEphemeralOwner(session()); // a server hides that of containers
    return stat;
  }
}
