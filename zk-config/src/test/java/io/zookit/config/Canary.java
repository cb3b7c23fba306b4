package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;

import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.config.secret.KeyProvider;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/** A program that does with a secret all that can be done with one, and logs whatever is logged at any level. */
final class Canary {

  static final String SECRET = "canary-7f3a91";
  static final String DONE = "canary done";

  private Canary() {}

  record Port(int port) {}

  /** Arguments: address, file of master keys, folder. */
  public static void main(String[] args) throws Exception {
    try (ZkClient client = ZkClient.builder(args[0])
        .connectTimeout(Duration.ofMinutes(1))
        .root("/canary")
        .connect()) {
      ConfigStore store = ConfigStore.builder(client)
          .keys(KeyProvider.inFile(Path.of(args[1])))
          .instance(Instance.named("one"))
          .snapshots(Path.of(args[2]))
          .build();
      Content good = Content.properties("port=1\n").withSecret("password", SECRET);
      store.publish(LIMITS, good, ANA);
      try (LiveValue<Port> bound = store.bind(LIMITS, Port.class).awaitReady(LONG);
          LiveValue<ConfigSnapshot> live = store.follow(LIMITS).awaitReady(LONG)) {
        System.err.println(bound + " " + live + " " + live.current());
        refused(store);
        edit(store);
      }
      store.maintenance().rotateKeys("prod");
    }
    System.out.println(DONE);
  }

  /** The secret where a number should be: it is in what is refused, here and by the client that follows. */
  private static void refused(ConfigStore store) throws Exception {
    Content bad = Content.properties("").withSecret("port", SECRET).withSecret("password", SECRET);
    store.publish(LIMITS, bad, ANA);
    ConfigWorld.soon()
        .until(() -> store.instances(LIMITS).stream()
            .anyMatch(ack -> ack.status() == InstanceReleaseStatus.Status.REJECTED));
    System.err.println(store.instances(LIMITS));
    store.rollback(LIMITS, ANA);
    try {
      store.publish(LIMITS, bad.with("x", "{sealed}" + SECRET), ANA);
    } catch (ConfigRejectedException e) {
      LoggerFactory.getLogger(Canary.class).error("refused", e);
    }
  }

  private static void edit(ConfigStore store) throws Exception {
    Drafts drafts = store.drafts(LIMITS);
    Content next =
        drafts.open("d").content().withSecret("password", SECRET + "2").with("a", "1");
    Draft saved = drafts.save(drafts.open("d").withContent(next), ANA);
    System.err.println(saved + " " + saved.content() + " " + store.preview(LIMITS, next));
    store.gray(LIMITS, next, Audience.percent(10), ANA).abandon(ANA);
    store.publish(saved, ANA);
    try {
      store.publish(LIMITS, next.withSecret("password", SECRET + "3"), ANA.onTopOf(1));
    } catch (ConfigConflictException e) {
      LoggerFactory.getLogger(Canary.class).error("refused", e);
      System.err.println(e.mine() + " " + e.theirs());
    }
    System.err.println(store.history(LIMITS).diff("1", "@stable"));
    System.err.println(store.explain(LIMITS, "password", Instance.named("one")));
    System.err.println(store.history(LIMITS).entries(100));
  }
}
