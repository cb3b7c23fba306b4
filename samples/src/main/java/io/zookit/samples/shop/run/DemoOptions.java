package io.zookit.samples.shop.run;

import io.zookit.samples.shop.process.Arguments;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Command line options of the demo.
 *
 * @param connect the connect string of an existing ZooKeeper; empty to start an ensemble
 * @param fenced false for the run that shows the effect of a missing fence
 * @param help whether only the help is requested
 */
record DemoOptions(Optional<String> connect, boolean fenced, boolean help) {

  static final String HELP = """
      zookit demo: a shop on three ZooKeeper servers, and what is done to it

      Usage
        zookit demo [--connect HOST:PORT[,HOST:PORT...]] [--unfenced]

      Options
        --connect HOSTS   use a ZooKeeper that is already there, below a node of its
                          own that is removed at the end
        --unfenced        leave the fence open, as a control: the run then loses
                          updates and exits with 1
        --help            this page

      Starts 3 ZooKeeper servers, PostgreSQL, 2 inventory services, 2 order services
      and a load generator, each a process of its own. Orders find the inventory in
      the registry and sell single pieces under the lock stock/SKU: they read how
      many are left and write one less, with the token of the lock.

      Meanwhile inventory-1 is killed (kill -9), and a new version of the inventory
      gets a share of the calls by a route, then all of them. Then an order service
      is stopped (SIGSTOP) between its read and its write, until its session is over
      and others have sold the next pieces, and goes on with its old token. Then the
      checkout's settings are released again and again, tried on one order service,
      given to both, and rolled back. Then the leader of the ZooKeeper servers is
      killed, and then the majority of them (not with --connect).

      Both order services can write the report on the sales, a job due every other
      second. In the end the one that is writing it is killed (kill -9), and the other
      has to go on.

      Takes less than two minutes.

      Result, one line for each claim
        stock: orders               orders recorded in PostgreSQL, a piece each
               oversold             orders for pieces that never were
               lost-updates         orders recorded or confirmed whose piece was not
                                    taken away: another write replaced it
        fencing:
               stale-writes-refused writes the store refused, because it had seen a
                                    newer token
        registry:
               failover-ms          from kill -9 until the last caller's view had
                                    dropped the dead instance
               wrong-calls-after    calls sent to an instance chosen after the
                                    caller's view had dropped it
        rolling-restart:
               calls                requests to the inventory services while these
                                    were restarted one after the other
               failed               those of them that were not answered
        jobs:  slots                times the report was due
               duplicates           reports begun more than once for one slot
               without-fate         slots of which the ledger does not say what became
               skipped              slots passed over, with the reason recorded, while
                                    their service was stopped or dead
        config:
               releases             releases of the checkout's settings
               torn-reads           orders for which values of two releases were read
               gray-matched         order services that used what was meant for one
               rollback-ms          from the rollback until both order services used
                                    the old settings again

      Exit codes
        0 every claim holds      1 one does not, or the demo failed      2 usage
        7 no ZooKeeper at --connect

      Examples
        zookit demo
        zookit demo --unfenced
        zookit demo --connect localhost:2181
      """;

  /**
   * Parses arguments.
   *
   * @throws IllegalArgumentException if they are invalid; the message says how
   */
  static DemoOptions parse(List<String> arguments) {
    Arguments given =
        Arguments.parse(arguments, Set.of("--connect"), Set.of("--unfenced", "--help", "-h"));
    return new DemoOptions(
        given.value("--connect"), !given.has("--unfenced"), given.has("--help") || given.has("-h"));
  }
}
