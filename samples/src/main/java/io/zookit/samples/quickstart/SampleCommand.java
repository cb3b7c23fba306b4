package io.zookit.samples.quickstart;

import io.zookit.core.ZkUnavailableException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** The program behind {@code zookit sample}: lists the quick starts, or runs one of them. */
public final class SampleCommand {

  private static final int FAILURE = 1;
  private static final int USAGE = 2;
  private static final int UNAVAILABLE = 7;

  private static final List<QuickStart> ALL = List.of(
      new QuickStart(
          "FencedLock",
          "a lock whose first owner comes back late, and is refused",
          FencedLockSample::main),
      new QuickStart(
          "DiscoverAndCall",
          "a service called by its name while an instance leaves",
          DiscoverAndCallSample::main),
      new QuickStart(
          "LiveConfig",
          "settings that change while the application runs; a bad release; a rollback",
          LiveConfigSample::main),
      new QuickStart(
          "GrayRelease", "a release for one instance first, then for all", GrayReleaseSample::main),
      new QuickStart(
          "ClusterCron",
          "a job on two nodes, each slot claimed by one of them",
          ClusterCronSample::main),
      new QuickStart(
          "QuartzExclusive",
          "a Quartz application that runs each fire time on one node",
          QuartzExclusiveSample::main),
      new QuickStart(
          "Election", "a master, a standby, and a switch between them", ElectionSample::main),
      new QuickStart(
          "UniqueIds", "ids and order numbers that two processes take", UniqueIdsSample::main),
      new QuickStart(
          "PartitionOwner",
          "partitions that move when a member joins and leaves",
          PartitionOwnerSample::main));

  /** A main method. */
  @FunctionalInterface
  interface MainMethod {
    void run(String... args) throws Exception;
  }

  /**
   * A quick start.
   *
   * @param name what it is called on the command line
   * @param shows what it shows, in a few words
   * @param program fails if that did not come true
   */
  record QuickStart(String name, String shows, MainMethod program) {

    boolean isCalled(String text) {
      return name.equalsIgnoreCase(text.replace("-", ""));
    }
  }

  private SampleCommand() {}

  /** Runs the command and ends this JVM with its exit code. */
  public static void main(String[] args) {
    quiet("org.slf4j.simpleLogger.defaultLogLevel");
    quiet("org.slf4j.simpleLogger.log.io.zookit");
    System.exit(run(List.of(args), System.out, System.err));
  }

  /** The quick starts are about what they print: only errors are logged, unless the property is set. */
  private static void quiet(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "error");
    }
  }

  static List<QuickStart> all() {
    return ALL;
  }

  /** Runs the command; returns the exit code. */
  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.isEmpty() || List.of("--help").equals(args) || List.of("-h").equals(args)) {
      return written(help(), out, err);
    }
    Optional<QuickStart> chosen =
        ALL.stream().filter(each -> each.isCalled(args.get(0))).findFirst();
    boolean connects = args.size() == 3 && args.get(1).equals("--connect");
    if (chosen.isEmpty()) {
      return usage(args.get(0) + ": no such sample", err);
    } else if (args.size() > 1 && !connects) {
      return usage(args.get(1) + " (expected: --connect HOSTS)", err);
    }
    return run(chosen.get(), args.subList(connects ? 2 : 1, args.size()), out, err);
  }

  private static int run(
      QuickStart chosen, List<String> servers, PrintStream out, PrintStream err) {
    try {
      chosen.program().run(servers.toArray(new String[0]));
      return written("", out, err);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(chosen, e, FAILURE, err);
    } catch (ZkUnavailableException e) {
      return failed(chosen, e, UNAVAILABLE, err);
    } catch (Exception e) {
      return failed(chosen, e, FAILURE, err);
    }
  }

  private static int failed(QuickStart chosen, Exception why, int code, PrintStream err) {
    err.println("zookit sample: " + chosen.name() + " failed: " + why);
    return code;
  }

  private static int usage(String what, PrintStream err) {
    err.println("zookit sample: " + what);
    err.println("See: zookit sample");
    return USAGE;
  }

  private static int written(String text, PrintStream out, PrintStream err) {
    out.print(text);
    if (out.checkError()) {
      err.println("zookit sample: the standard output cannot be written");
      return FAILURE;
    }
    return 0;
  }

  private static String help() {
    StringBuilder text = new StringBuilder("""
        zookit sample: quick starts, each a single file of at most 80 lines

        Usage
          zookit sample                            this list
          zookit sample NAME                       run one on a ZooKeeper server of its own
          zookit sample NAME --connect HOSTS       run one on servers that exist

        Names
        """);
    ALL.forEach(each -> text.append(String.format("  %-16s %s%n", each.name(), each.shows())));
    return text.append("""

        Each prints what happens and ends with 0 if that is what it was to show, else
        with 1. The sources: samples/src/main/java/io/zookit/samples/quickstart
        """).toString();
  }
}
