package io.zookit.samples.shop.run;

import io.zookit.core.ZkClient;
import io.zookit.samples.shop.ShopDatabase;
import io.zookit.samples.shop.ArticleStock;
import io.zookit.samples.shop.ProcessFleet;
import io.zookit.samples.shop.ShopEventLog;
import io.zookit.samples.shop.BoundedWait;
import io.zookit.samples.shop.RollingRestart;
import io.zookit.samples.shop.ReportScene;
import io.zookit.samples.shop.SettingsScene;
import io.zookit.samples.shop.SettingsPublisher;
import io.zookit.samples.shop.ShopEventLog.LoggedEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.samples.shop.process.ShopProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Scenario of the demo, scene by scene. */
final class DemoScenario {

  private static final String KILLED = "inventory-1";
  private static final String STOPPED = "orders-2";
  private final DemoPlan plan;
  private final ShopEventLog log;
  private final ProcessFleet fleet;
  private final ShopDatabase database;
  private final ProgressDisplay progress;
  private final ReportScene reports;
  private final BoundedWait wait;
  private final SettingsScene settings;

  DemoScenario(
      DemoPlan plan,
      ShopEventLog log,
      ProcessFleet fleet,
      ShopDatabase database,
      ZkClient zk,
      ProgressDisplay progress) {
    this.plan = plan;
    this.log = log;
    this.fleet = fleet;
    this.database = database;
    this.progress = progress;
    this.reports = new ReportScene(log, zk);
    this.wait = new BoundedWait(log, plan.limit(), fleet::requireAlive);
    this.settings = new SettingsScene(SettingsPublisher.in(zk), log, wait, this::note);
  }

  Claims play() throws Exception {
    open();
    wait.rest(plan.calm());
    RollingRestart.CallTotals restarted = restartInventories();
    Duration kill = killAnInventory();
    wait.rest(plan.calm());
    stopAnOwner();
    settings.play(plan.editions(), plan.trial());
    sellTheRest();
    reports.killTheReporter(fleet, wait, this::note);
    return count(kill).with(restarted.claim()).with(settings.claim()).with(reports.judge(wait));
  }

  private void open() throws Exception {
    note("starting 2 inventory services and 2 order services");
    settings.prepare();
    fleet.startInventories();
    fleet.startOrders();
    awaitReady(ProcessFleet.INVENTORIES);
    awaitReady(ProcessFleet.ORDERS);
    for (String caller : ProcessFleet.ORDERS) {
      awaitJoined(caller, ProcessFleet.INVENTORIES);
    }
    fleet.startLoad();
    awaitJoined(ProcessFleet.LOAD, ProcessFleet.ORDERS);
    note("open: " + plan.allPieces() + " pieces of " + plan.articles() + " articles to sell");
  }

  private RollingRestart.CallTotals restartInventories() throws Exception {
    note("restarting the inventory services one after the other (SIGTERM)");
    RollingRestart.CallTotals outcome = new RollingRestart(log, fleet, wait).run();
    note(
        "restarted both, " + outcome.calls() + " calls meanwhile, " + outcome.failed() + " failed");
    return outcome;
  }

  private Duration killAnInventory() throws Exception {
    Duration kill = log.now();
    fleet.kill(KILLED);
    note("killed " + KILLED + " (kill -9)");
    Duration failover =
        wait.until("every caller dropping " + KILLED, BoundedWait.LIMIT, () -> failover(kill));
    note("the last caller has dropped " + KILLED + ", " + failover.toMillis() + " ms later");
    return kill;
  }

  private void stopAnOwner() throws Exception {
    fleet.send(STOPPED, "pause");
    LoggedEvent owner = wait.until(
        "an owner at its pause", BoundedWait.LIMIT, () -> log.first(Kind.PAUSED, any -> true));
    String lock = owner.fact("lock");
    fleet.stop(STOPPED);
    note("stopped " + STOPPED + " inside " + lock + ", between read and write (SIGSTOP)");
    int before = sold(lock);
    wait.rest(ShopProcess.SESSION.plusSeconds(1));
    int meanwhile = wait.until("a sale by the next owner of " + lock, BoundedWait.LIMIT, () -> {
      int sold = sold(lock) - before;
      return sold >= plan.overtakers() ? Optional.of(sold) : Optional.empty();
    });
    note("its session is over: others own " + lock + " and have sold " + meanwhile + " pieces");
    fleet.resume(STOPPED);
    fleet.send(STOPPED, "go");
    note("continued " + STOPPED + " (SIGCONT): it writes what it knows, with its old token");
    note(wait.until("the old owner's write", BoundedWait.LIMIT, () -> fate(owner.fact("order"))));
  }

  private void sellTheRest() throws Exception {
    note("rush: everything must go");
    fleet.send(ProcessFleet.LOAD, "rush");
    Optional<LoggedEvent> finished = wait.within(
        BoundedWait.LIMIT, () -> log.first(Kind.FINISHED, entry -> entry.isBy(ProcessFleet.LOAD)));
    note(finished.isPresent() ? "sold out" : "closing time");
  }

  private Claims count(Duration kill) throws SQLException {
    // In this order: what customers were promised by now is recorded by then.
    ResultCalculator audit = new ResultCalculator(log.entries());
    return audit.claims(database.stock(), database.orders(), failover(kill));
  }

  private Optional<Duration> failover(Duration kill) {
    return new ResultCalculator(log.entries()).failover(KILLED, kill, ProcessFleet.ORDERS);
  }

  private Optional<String> fate(String order) throws SQLException {
    boolean refused = log
        .first(Kind.REFUSED, entry -> entry.fact("order").equals(order))
        .isPresent();
    if (refused) {
      return Optional.of("the store has refused the write: a newer owner was there");
    }
    return database.orders().contains(order)
        ? Optional.of("the store has taken the write: what the others wrote is gone")
        : Optional.empty();
  }

  private int sold(String lock) throws SQLException {
    return database.stock().stream()
        .filter(article -> lock.equals("stock/" + article.sku()))
        .mapToInt(ArticleStock::orders)
        .sum();
  }

  private void awaitReady(List<String> names) throws Exception {
    for (String name : names) {
      wait.until(
          "the start of " + name,
          BoundedWait.LIMIT,
          () -> log.first(Kind.READY, entry -> entry.isBy(name)));
    }
  }

  private void awaitJoined(String caller, List<String> instances) throws Exception {
    for (String instance : instances) {
      wait.until(
          caller + " finding " + instance,
          BoundedWait.LIMIT,
          () -> log.first(
              Kind.JOINED, entry -> entry.isBy(caller) && entry.fact("instance").equals(instance)));
    }
  }

  private void note(String text) {
    progress.note(log.now(), text);
  }
}
