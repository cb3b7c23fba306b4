package io.zookit.group.internal.store;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/**
 * The nodes of a group.
 *
 * <pre>
 *   groups/&lt;g&gt;/~spec              partitions
 *             /~m/&lt;id&gt;@&lt;nonce&gt;     members
 *             /~plan              which member is to own which partition
 *             /~pins              moves by operators
 *             /~h/&lt;epoch&gt;/&lt;b&gt;/&lt;p&gt;  claims
 *             /~o/&lt;epoch&gt;/&lt;b&gt;/&lt;p&gt;  records, whose versions count the claims
 * </pre>
 */
public final class GroupNodes {

  private static final String FOLDER = "groups";
  private static final byte[] NO_DATA = {};

  private final CoreClient client;
  private final String name;
  private final ZkPath path;

  /**
   * The nodes of a group.
   *
   * @param name a single element
   */
  public GroupNodes(CoreClient client, String name) {
    this.client = client;
    this.name = ZkPath.requireName("name", name);
    this.path = folder(client).child(name);
  }

  /** The folder of all groups. */
  public static ZkPath folder(CoreClient client) {
    return client.rootPath().own(FOLDER);
  }

  /** The client that uses them. */
  public CoreClient client() {
    return client;
  }

  /** The name of the group. */
  public String name() {
    return name;
  }

  /** The path of the group. */
  public ZkPath path() {
    return path;
  }

  /** The path of the record of the partitions. */
  public ZkPath spec() {
    return path.own("~spec");
  }

  /** The folder of the members. */
  public ZkPath members() {
    return path.own("~m");
  }

  /** The path of a member. */
  public ZkPath member(String key) {
    return members().own(key);
  }

  /** The path of the plan. */
  public ZkPath plan() {
    return path.own("~plan");
  }

  /** The path of the moves by operators. */
  public ZkPath pins() {
    return path.own("~pins");
  }

  private ZkPath claims() {
    return path.own("~h");
  }

  private ZkPath records() {
    return path.own("~o");
  }

  /** The folder of the claims of a bucket. */
  public ZkPath bucket(SpecRecord spec, int bucket) {
    return claims().own(Integer.toString(spec.epoch())).own(Integer.toString(bucket));
  }

  /** The path of a claim. */
  public ZkPath claim(SpecRecord spec, int partition) {
    return bucket(spec, spec.bucketOf(partition)).own(Integer.toString(partition));
  }

  /** The path of the record of a partition. */
  public ZkPath record(SpecRecord spec, int partition) {
    return records()
        .own(Integer.toString(spec.epoch()))
        .own(Integer.toString(spec.bucketOf(partition)))
        .own(Integer.toString(partition));
  }

  /** The folders above the group's own nodes. */
  public Folders folders() {
    return Folders.root(client).persistent(client, folder(client)).persistent(client, path);
  }

  /** The folders above the members. */
  public Folders memberFolders() {
    return folders().persistent(client, members());
  }

  /** The operations that create the partitions of a group, refused by the first one if it has them. */
  public List<Op> createPartitions(SpecRecord spec) {
    List<Op> ops = new ArrayList<>();
    ops.add(create(spec(), SpecRecord.CODEC.encode(spec)));
    for (ZkPath folder : List.of(claims(), records())) {
      ops.add(create(folder, NO_DATA));
      ops.addAll(createEpoch(folder, spec));
    }
    return ops;
  }

  /**
   * The operations that begin the next epoch of the partitions: the record is replaced in the version that was read, and the
   * folders of the claims are replaced, which is refused while a claim stands.
   */
  public List<Op> beginEpoch(SeenSpec seen, SpecRecord next) {
    SpecRecord last = seen.record();
    List<Op> ops = new ArrayList<>();
    ops.add(Op.setData(spec().value(), SpecRecord.CODEC.encode(next), seen.version()));
    for (int bucket = 0; bucket < last.buckets(); bucket++) {
      ops.add(Op.delete(bucket(last, bucket).value(), -1));
    }
    ops.add(Op.delete(claims().own(Integer.toString(last.epoch())).value(), -1));
    for (ZkPath folder : List.of(claims(), records())) {
      ops.addAll(createEpoch(folder, next));
    }
    return ops;
  }

  private List<Op> createEpoch(ZkPath folder, SpecRecord spec) {
    List<Op> ops = new ArrayList<>();
    ZkPath epoch = folder.own(Integer.toString(spec.epoch()));
    ops.add(create(epoch, NO_DATA));
    for (int bucket = 0; bucket < spec.buckets(); bucket++) {
      ops.add(create(epoch.own(Integer.toString(bucket)), NO_DATA));
    }
    return ops;
  }

  /** The folder of the records of an epoch. */
  public ZkPath epochRecords(int epoch) {
    return records().own(Integer.toString(epoch));
  }

  /** The operation that creates a persistent node. */
  public Op create(ZkPath node, byte[] data) {
    return Op.create(node.value(), data, client.acl(node), CreateMode.PERSISTENT);
  }

  @Override
  public String toString() {
    return "group " + name;
  }
}
