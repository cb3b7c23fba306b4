package io.zookit.chaos.config;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.config.Change;
import io.zookit.config.ConfigConflictException;
import io.zookit.config.ConfigStore;
import io.zookit.config.ConfigUnknownException;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import java.time.Duration;

/** A child JVM that publishes releases whose keys all have the same value, each value once, and says what came of it. */
final class ConfigPublisher {

  static final Namespace NAMESPACE = Namespace.of("prod", "chaos", "limits");
  static final int KEYS = 20;

  /** Printed with the value and the release. */
  static final String ACKED = "acked ";

  /** Printed with the value and the id of the publish, when it is not known what came of it. */
  static final String UNKNOWN = "unknown ";

  /** Printed with a value that was certainly not published. */
  static final String REFUSED = "refused ";

  private ConfigPublisher() {}

  /** Arguments: those of a {@link ChildArguments}. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    try (ZkClient zk = arguments.start()) {
      zk.awaitConnected(Duration.ofSeconds(30));
      ConfigStore store = ConfigStore.builder(zk).timeout(Duration.ofSeconds(5)).build();
      for (int i = 1; work.isOn(); i++) {
        System.out.println(publish(store, NAMESPACE, arguments.life() + "-" + i));
        Stopwatch.pause(Duration.ofMillis(10));
      }
    }
    ChildWork.end();
  }

  /** Publishes a value, and says what came of it. */
  static String publish(ConfigStore store, Namespace ns, String value) throws InterruptedException {
    try {
      Release release = store.publish(ns, content(value), Change.by("chaos"));
      return ACKED + value + " " + release.number();
    } catch (ConfigUnknownException e) {
      return UNKNOWN + value + " " + e.publishId();
    } catch (ConfigConflictException e) {
      return REFUSED + value + " by another release";
    } catch (ZkException e) {
      return REFUSED + value + " " + e.getMessage();
    }
  }

  private static Content content(String value) {
    StringBuilder text = new StringBuilder();
    for (int key = 0; key < KEYS; key++) {
      text.append('k').append(key).append('=').append(value).append('\n');
    }
    return Content.properties(text.toString());
  }
}
