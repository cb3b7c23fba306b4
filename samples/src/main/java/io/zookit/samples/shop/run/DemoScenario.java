package io.zookit.samples.shop.run;

import io.zookit.core.ZkClient;
import io.zookit.samples.shop.ArticleStock;
import io.zookit.samples.shop.BoundedWait;
import io.zookit.samples.shop.CallCounter;
import io.zookit.samples.shop.CallTotals;
import io.zookit.samples.shop.ProcessFleet;
import io.zookit.samples.shop.ReportScene;
import io.zookit.samples.shop.RollingRestart;
import io.zookit.samples.shop.SceneNotes;
import io.zookit.samples.shop.ServerScene;
import io.zookit.samples.shop.SettingsPublisher;
import io.zookit.samples.shop.SettingsScene;
import io.zookit.samples.shop.ShopDatabase;
import io.zookit.samples.shop.ShopEventLog;
import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.UnconfirmedOrders;
import io.zookit.samples.shop.VersionScene;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.samples.shop.process.ShopProcess;
import io.zookit.testkit.ZkProcesses;
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
  private final BoundedWait wait;
  private final CallCounter calls;
  private final SettingsScene settings;
  private final VersionScene versions;
  private final Optional<ServerScene> servers;
  private final ReportScene reports;

  /** @param ensemble the ZooKeeper servers, if they may be killed */
  DemoScenario(
      DemoPlan plan,
      ShopEventLog log,
      ProcessFleet fleet,
      ShopDatabase database,
      Optional<ZkProcesses> ensemble,
      ZkClient zk,
      ProgressDisplay progress) {
    this.plan = plan;
    this.log = log;
    this.fleet = fleet;
    this.database = database;
    this.progress = progress;
    SceneNotes notes = this::add;
    this.wait = new BoundedWait(log, plan.limit(), fleet::requireAlive);
    this.calls = new CallCounter(log, fleet, wait);
    this.settings = new SettingsScene(SettingsPublisher.in(zk), log, wait, notes);
    this.versions = new VersionScene(zk, log, fleet, wait, calls, notes);
    this.servers = ensemble.map(processes -> new ServerScene(processes, log, wait, notes));
    this.reports = new ReportScene(log, zk);
  }

  Claims play() throws Exception {
    open();
    wait.rest(plan.calm());
    CallTotals restarted = restartInventories();
    Duration kill = killAnInventory();
    versions.play(plan.trial());
    stopAnOwner();
    settings.play(plan.editions(), plan.trial());
    breakServers();
    sellTheRest();
    explainUnconfirmed();
    reports.killTheReporter(fleet, wait, this::add);
    return count(kill)
        .with(RollingRestart.claim(restarted))
        .with(settings.claim())
        .with(reports.judge(wait));
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

  private CallTotals restartInventories() throws Exception {
    fault("restarting the inventory services one after the other (SIGTERM)");
    CallTotals meanwhile = new RollingRestart(log, fleet, wait, calls).run();
    note("restarted both, " + meanwhile.calls() + " calls meanwhile, " + meanwhile.failed()
        + " failed");
    return meanwhile;
  }

  private Duration killAnInventory() throws Exception {
    Duration kill = log.now();
    fleet.kill(KILLED);
    fault("killed " + KILLED + " (kill -9)");
    Duration failover =
        wait.until("every caller dropping " + KILLED, BoundedWait.LIMIT, () -> failover(kill));
    note("the last caller has dropped " + KILLED + ", " + failover.toMillis() + " ms later");
    return kill;
  }

  private void stopAnOwner() throws Exception {
    fleet.send(STOPPED, "pause");
    ReportedEvent owner = wait.until(
        "an owner at its pause", BoundedWait.LIMIT, () -> log.first(Kind.PAUSED, any -> true));
    String lock = owner.fact("lock");
    fleet.stop(STOPPED);
    fault("stopped " + STOPPED + " inside " + lock + ", between read and write (SIGSTOP)");
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
    add(
        SceneNotes.Kind.REFUSAL,
        wait.until("the old owner's write", BoundedWait.LIMIT, () -> fate(owner.fact("order"))));
  }

  private void sellTheRest() throws Exception {
    note("rush: everything must go");
    fleet.send(ProcessFleet.LOAD, "rush");
    Optional<ReportedEvent> finished = wait.within(
        BoundedWait.LIMIT, () -> log.first(Kind.FINISHED, entry -> entry.isBy(ProcessFleet.LOAD)));
    note(finished.isPresent() ? "sold out" : "closing time");
  }

  private void breakServers() throws Exception {
    if (servers.isPresent()) {
      servers.get().play(plan.trial());
    } else {
      note("the ZooKeeper servers are not the demo's own: none of them is killed");
    }
  }

  private void explainUnconfirmed() throws SQLException {
    UnconfirmedOrders.of(log.entries(), database.orders())
        .explain()
        .forEach(line -> add(SceneNotes.Kind.REFUSAL, line));
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
    boolean refused =
        log.first(Kind.REFUSED, entry -> entry.fact("order").equals(order)).isPresent();
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
    add(SceneNotes.Kind.PROGRESS, text);
  }

  private void fault(String text) {
    add(SceneNotes.Kind.FAULT, text);
  }

  private void add(SceneNotes.Kind kind, String text) {
    progress.note(log.now(), kind, text);
  }
}
