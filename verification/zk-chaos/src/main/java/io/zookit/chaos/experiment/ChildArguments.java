package io.zookit.chaos.experiment;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Command line arguments of a child JVM of an experiment.
 *
 * @param life its name; every process has its own
 * @param addresses the connect string of its own proxies
 * @param session the session timeout to request
 * @param more further arguments of the experiment
 */
public record ChildArguments(String life, String addresses, Duration session, List<String> more) {

  private static final int COMMON = 3;

  public static ChildArguments of(String... args) {
    return new ChildArguments(
        args[0],
        args[1],
        Duration.ofMillis(Long.parseLong(args[2])),
        List.of(args).subList(COMMON, args.length));
  }

  /** The words for the command line. */
  public List<String> words() {
    List<String> words =
        new ArrayList<>(List.of(life, addresses, String.valueOf(session.toMillis())));
    words.addAll(more);
    return words;
  }

  /** The name without the number of the life: the same for a process and those that replace it. */
  public String member() {
    return memberOf(life);
  }

  public static String memberOf(String life) {
    return life.substring(0, life.lastIndexOf('.'));
  }

  /** Starts a client, which connects when it can. */
  public ZkClient start() {
    return start(Timekeeper.system());
  }

  /** The same with clocks of its own. */
  public ZkClient start(Timekeeper clocks) {
    return ZkClient.builder(addresses)
        .root(Testbed.ROOT)
        .sessionTimeout(session)
        .timekeeper(clocks)
        .label(life)
        .start();
  }
}
