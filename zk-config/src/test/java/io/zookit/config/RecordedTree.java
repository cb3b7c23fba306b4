package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;

import io.zookit.config.gray.Audience;
import io.zookit.testkit.ZkNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * Everything below {@code config} and {@code config-acks} as one text: a line for each node, its path and its data in Base64.
 *
 * <p>{@code recorded/format-1.txt} is what {@link #fill} made when the formats had version 1, with the one master key {@code
 * m1} of 32 zero bytes. It is never made again: what was stored once must stay readable.
 */
final class RecordedTree {

  static final String FOLDER = "recorded/";

  private RecordedTree() {}

  /** Some of everything that is stored. */
  static void fill(ConfigWorld world, ConfigStore store) throws Exception {
    store.create(LIMITS, ANA);
    store.setPolicy(
        LIMITS,
        Policy.standard().withSecrets("db.*").withRetention(3, Duration.ZERO, Long.MAX_VALUE),
        ANA);
    for (int n = 1; n <= 5; n++) {
      store.publish(LIMITS, limits(n), n == 3 ? BOB : ANA);
    }
    store.rollback(LIMITS, 4, BOB);
    store.pin(LIMITS, 4, ANA);
    store.maintenance().collect(LIMITS, ANA);
    store.publish(PRICES, Content.yaml("# euro\nbook: 12\nlist:\n  - 1\n  - 2\n"), ANA);
    store.publish(
        Map.of(LIMITS, limits(7), PRICES, Content.yaml("# euro\nbook: 13\nlist: []\n")), ANA);
    Drafts drafts = store.drafts(LIMITS);
    drafts.save(drafts.open("later").withContent(limits(8)), BOB);
    store.gray(LIMITS, "trial", limits(9), Rollout.of(Audience.percent(50)), ANA);
    ConfigStore instance = world.instance("i1");
    instance.follow(PRICES).awaitReady(LONG);
    ConfigWorld.soon().until(() -> !store.instances(PRICES).isEmpty());
  }

  static Content limits(int n) {
    return Content.properties("# limits\nmax=" + n + "\ndb.password=s3cret\n");
  }

  static String dump(ConfigWorld world, ZooKeeper admin) throws Exception {
    Map<String, String> lines = new TreeMap<>();
    for (String top : new String[] {"/config", "/config-acks"}) {
      for (ZkNode node : world.below(world.root + top)) {
        byte[] data = admin.getData(node.path(), false, null);
        lines.put(
            node.path().substring(world.root.length()),
            data == null ? "" : Base64.getEncoder().encodeToString(data));
      }
    }
    StringBuilder text = new StringBuilder();
    lines.forEach((path, data) -> text.append(path).append(' ').append(data).append('\n'));
    return text.toString();
  }

  static String read(String name) throws Exception {
    try (var in = RecordedTree.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException(FOLDER + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** Creates the nodes again below another root. */
  static void load(String text, String root, ZooKeeper admin) throws Exception {
    create(admin, root, new byte[0]);
    create(admin, root + "/config", new byte[0]);
    create(admin, root + "/config-acks", new byte[0]);
    for (String line : text.lines().toList()) {
      int blank = line.indexOf(' ');
      create(
          admin,
          root + line.substring(0, blank),
          Base64.getDecoder().decode(line.substring(blank + 1)));
    }
  }

  private static void create(ZooKeeper admin, String path, byte[] data) throws Exception {
    if (admin.exists(path, false) == null) {
      admin.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }
  }
}
