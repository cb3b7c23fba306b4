package io.zookit.chaos.config;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A child JVM that follows a configuration, with a file for its snapshots, and says what it sees. The control reads key by
 * key and asks each time for what is current.
 */
final class ConfigReader {

  /** Printed with revision, release and value. */
  static final String SAW = "saw ";

  /** Printed with revision, release and values of a snapshot whose keys do not have one value. */
  static final String TORN = "torn ";

  static final String CONTROL_WHOLE = "control-whole ";
  static final String CONTROL_TORN = "control-torn ";

  private ConfigReader() {}

  /** Arguments: those of a {@link ChildArguments}, and a folder for snapshots, which is that of all its lives. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    try (ZkClient zk = arguments.start();
        LiveValue<ConfigSnapshot> live = ConfigStore.builder(zk)
            .snapshots(Path.of(arguments.more().get(0)))
            .build()
            .follow(ConfigPublisher.NAMESPACE)) {
      live.subscribe(snapshot -> System.out.println(words(snapshot)));
      while (work.isOn()) {
        readKeyByKey(live).ifPresent(System.out::println);
      }
    }
    ChildWork.end();
  }

  static String words(ConfigSnapshot snapshot) {
    Set<String> values = new TreeSet<>(snapshot.values().values());
    boolean whole = values.size() == 1 && snapshot.values().size() == ConfigPublisher.KEYS;
    return (whole ? SAW : TORN) + snapshot.revision() + " " + snapshot.release() + " "
        + String.join(",", values);
  }

  private static Optional<String> readKeyByKey(LiveValue<ConfigSnapshot> live)
      throws InterruptedException {
    Set<String> values = new TreeSet<>();
    for (int key = 0; key < ConfigPublisher.KEYS; key++) {
      String name = "k" + key;
      values.add(live.latest().flatMap(latest -> latest.get(name)).orElse(""));
      Stopwatch.pause(Duration.ofMillis(2));
    }
    if (values.contains("")) {
      return Optional.empty();
    }
    return Optional.of(
        (values.size() == 1 ? CONTROL_WHOLE : CONTROL_TORN) + String.join(",", values));
  }
}
