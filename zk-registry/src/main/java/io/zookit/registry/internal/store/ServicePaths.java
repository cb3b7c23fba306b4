package io.zookit.registry.internal.store;

import com.google.common.hash.Hashing;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Paths of one service in ZooKeeper.
 *
 * <pre>
 *   /&lt;root&gt;/services                                  PERSISTENT
 *                  /&lt;service&gt;                           PERSISTENT, data: {@link StoredService}
 *                           /~policy                     PERSISTENT, data: the operators' policy
 *                           /~b&lt;NN&gt;                     PERSISTENT, a bucket, two hexadecimal digits
 *                                  /&lt;id&gt;@&lt;nonce&gt;        EPHEMERAL, data: {@link StoredInstance}
 * </pre>
 *
 * <p>An instance is in the bucket {@code hash(id) & mask}. Readers read all existing buckets, so the mask may change at
 * any time.
 */
public final class ServicePaths {

  /**
   * A service as its node holds it.
   *
   * @param mask 0, 1, 3, 7 … 255: the number of buckets less one
   */
  public record StoredService(@Stored("mask") int mask) {

    public StoredService {
      if (mask < 0 || mask > 255 || Integer.bitCount(mask + 1) != 1) {
        throw new IllegalArgumentException(
            "mask: " + mask + " (expected: 0, 1, 3, 7, 15, 31, 63, 127 or 255)");
      }
    }
  }

  public static final RecordCodec<StoredService> CODEC = RecordCodec.of(StoredService.class, 1);
  private static final byte[] ONE_BUCKET = CODEC.encode(new StoredService(0));
  /** The name of the document of operators. */
  public static final String POLICY = "~policy";

  private static final Pattern BUCKET = Pattern.compile("~b[0-9a-f]{2}");

  private final CoreClient client;
  private final String service;
  private final ZkPath services;
  private final ZkPath path;

  public ServicePaths(CoreClient client, String service) {
    this.client = client;
    this.service = ZkPath.requireName("service", service);
    this.services = services(client);
    this.path = services.child(service);
  }

  /** The name of the service. */
  public String service() {
    return service;
  }

  /** The folder of the service. */
  public ZkPath path() {
    return path;
  }

  /** The path of a descendant of the service below it. */
  public String below(String descendant) {
    return descendant.substring(path.value().length() + 1);
  }

  /** The folder of a bucket. */
  public ZkPath bucket(String bucket) {
    return path.own(bucket);
  }

  /** The node of an instance. */
  public ZkPath node(NodeRef node) {
    return bucket(node.bucket()).own(node.name());
  }

  /** Returns the node of the operators' policy. */
  public ZkPath policy() {
    return path.own(POLICY);
  }

  /** The folder of all services. */
  public static ZkPath services(CoreClient client) {
    return client.rootPath().own("services");
  }

  /** The heartbeats of all services. */
  public static ZkPath beats(CoreClient client) {
    return client.rootPath().own("service-beats");
  }

  /** Returns the folder of all consumers that announce their presence. */
  public static ZkPath consumers(CoreClient client) {
    return client.rootPath().own("service-consumers");
  }

  /** The heartbeats of the service. */
  public ZkPath beats() {
    return beats(client).child(service);
  }

  /** The heartbeats of one bucket. */
  public ZkPath beatBucket(String bucket) {
    return beats().own(bucket);
  }

  /** The heartbeat of an instance. */
  public ZkPath beat(NodeRef node) {
    return beatBucket(node.bucket()).own(node.name());
  }

  /** Returns the folder of the consumers of the service that announce their presence. */
  public ZkPath consumers() {
    return consumers(client).child(service);
  }

  public Folders beatFolders(String bucket) {
    return Folders.root(client)
        .persistent(client, beats(client))
        .persistent(client, beats())
        .persistent(client, beatBucket(bucket));
  }

  public Folders consumerFolders() {
    return Folders.root(client)
        .persistent(client, consumers().parent())
        .persistent(client, consumers());
  }

  /** The bytes that say how many buckets there are. */
  public static byte[] encode(int mask) {
    return CODEC.encode(new StoredService(mask));
  }

  /** The bucket an id belongs to. */
  public static String bucketOf(String id, int mask) {
    int hash = Hashing.murmur3_32_fixed().hashString(id, StandardCharsets.UTF_8).asInt();
    return String.format("~b%02x", hash & mask);
  }

  /** The buckets an id has belonged to since there was only one. */
  public static Set<String> bucketsOf(String id, int mask) {
    Set<String> buckets = new HashSet<>();
    for (int earlier = 0; earlier <= mask; earlier = earlier * 2 + 1) {
      buckets.add(bucketOf(id, earlier));
    }
    return buckets;
  }

  /** Tells if a child of the service is a bucket. */
  public static boolean isBucket(String child) {
    return BUCKET.matcher(child).matches();
  }

  /** Decodes the data of a service node; one bucket if it has no data. */
  public static Decoded<StoredService> decode(byte[] data) {
    return CODEC.decode(data.length == 0 ? ONE_BUCKET : data);
  }

  /** Returns the folders that must exist above the nodes of a bucket. */
  public Folders folders(String bucket) {
    return serviceFolders().persistent(client, bucket(bucket));
  }

  /** Returns the folders that must exist before anything of the service can be created. */
  public Folders serviceFolders() {
    return Folders.root(client).persistent(client, services).persistent(client, path, ONE_BUCKET);
  }

  @Override
  public String toString() {
    return "service " + service;
  }
}
