package io.zookit.samples.shop.run;

import io.zookit.samples.shop.run.Chronicle.Entry;
import io.zookit.samples.shop.process.Event.Kind;
import io.zookit.samples.shop.process.ShopProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Scenario of the demo, scene by scene. */
final class Story {

  private static final String KILLED = "inventory-1";
  private static final String STOPPED = "orders-2";
  private final DemoPlan plan;
  private final Chronicle chronicle;
  private final Stage stage;
  private final ShopDatabase database;
  private final Progress progress;
  private final ReportScene reports;
  private final Waiting wait;
  private final SettingsScene settings;

  Story(
      DemoPlan plan,
      Chronicle chronicle,
      Stage stage,
      ShopDatabase database,
      SettingsOffice office,
      Progress progress,
      ReportScene reports) {
    this.plan = plan;
    this.chronicle = chronicle;
    this.stage = stage;
    this.database = database;
    this.progress = progress;
    this.reports = reports;
    this.wait = new Waiting(chronicle, plan.limit(), stage::requireAlive);
    this.settings = new SettingsScene(office, chronicle, wait, this::note);
  }

  Claims play() throws Exception {
    open();
    wait.rest(plan.calm());
    RollingRestart.Outcome restarted = restartInventories();
    Duration kill = killAnInventory();
    wait.rest(plan.calm());
    stopAnOwner();
    settings.play(plan.editions(), plan.trial());
    sellTheRest();
    reports.killTheReporter(stage, wait, this::note);
    return count(kill).with(restarted.claim()).with(settings.claim()).with(reports.judge(wait));
  }

  private void open() throws Exception {
    note("starting 2 inventory services and 2 order services");
    settings.prepare();
    stage.startInventories();
    stage.startOrders();
    awaitReady(Stage.INVENTORIES);
    awaitReady(Stage.ORDERS);
    for (String caller : Stage.ORDERS) {
      awaitJoined(caller, Stage.INVENTORIES);
    }
    stage.startLoad();
    awaitJoined(Stage.LOAD, Stage.ORDERS);
    note("open: " + plan.allPieces() + " pieces of " + plan.articles() + " articles to sell");
  }

  private RollingRestart.Outcome restartInventories() throws Exception {
    note("restarting the inventory services one after the other (SIGTERM)");
    RollingRestart.Outcome outcome = new RollingRestart(chronicle, stage, wait).run();
    note(
        "restarted both, " + outcome.calls() + " calls meanwhile, " + outcome.failed() + " failed");
    return outcome;
  }

  private Duration killAnInventory() throws Exception {
    Duration kill = chronicle.now();
    stage.kill(KILLED);
    note("killed " + KILLED + " (kill -9)");
    Duration failover =
        wait.until("every caller dropping " + KILLED, Waiting.LIMIT, () -> failover(kill));
    note("the last caller has dropped " + KILLED + ", " + failover.toMillis() + " ms later");
    return kill;
  }

  private void stopAnOwner() throws Exception {
    stage.tell(STOPPED, "pause");
    Entry owner = wait.until(
        "an owner at its pause", Waiting.LIMIT, () -> chronicle.first(Kind.PAUSED, any -> true));
    String lock = owner.fact("lock");
    stage.stop(STOPPED);
    note("stopped " + STOPPED + " inside " + lock + ", between read and write (SIGSTOP)");
    int before = sold(lock);
    wait.rest(ShopProcess.SESSION.plusSeconds(1));
    int meanwhile = wait.until("a sale by the next owner of " + lock, Waiting.LIMIT, () -> {
      int sold = sold(lock) - before;
      return sold >= plan.overtakers() ? Optional.of(sold) : Optional.empty();
    });
    note("its session is over: others own " + lock + " and have sold " + meanwhile + " pieces");
    stage.resume(STOPPED);
    stage.tell(STOPPED, "go");
    note("continued " + STOPPED + " (SIGCONT): it writes what it knows, with its old token");
    note(wait.until("the old owner's write", Waiting.LIMIT, () -> fate(owner.fact("order"))));
  }

  private void sellTheRest() throws Exception {
    note("rush: everything must go");
    stage.tell(Stage.LOAD, "rush");
    Optional<Entry> finished = wait.within(
        Waiting.LIMIT, () -> chronicle.first(Kind.FINISHED, entry -> entry.isBy(Stage.LOAD)));
    note(finished.isPresent() ? "sold out" : "closing time");
  }

  private Claims count(Duration kill) throws SQLException {
    // In this order: what customers were promised by now is recorded by then.
    Audit audit = new Audit(chronicle.entries());
    return audit.claims(database.shelves(), database.orders(), failover(kill));
  }

  private Optional<Duration> failover(Duration kill) {
    return new Audit(chronicle.entries()).failover(KILLED, kill, Stage.ORDERS);
  }

  private Optional<String> fate(String order) throws SQLException {
    boolean refused = chronicle
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
    return database.shelves().stream()
        .filter(shelf -> lock.equals("stock/" + shelf.sku()))
        .mapToInt(Shelf::orders)
        .sum();
  }

  private void awaitReady(List<String> names) throws Exception {
    for (String name : names) {
      wait.until(
          "the start of " + name,
          Waiting.LIMIT,
          () -> chronicle.first(Kind.READY, entry -> entry.isBy(name)));
    }
  }

  private void awaitJoined(String caller, List<String> instances) throws Exception {
    for (String instance : instances) {
      wait.until(
          caller + " finding " + instance,
          Waiting.LIMIT,
          () -> chronicle.first(
              Kind.JOINED, entry -> entry.isBy(caller) && entry.fact("instance").equals(instance)));
    }
  }

  private void note(String text) {
    progress.note(chronicle.now(), text);
  }
}
