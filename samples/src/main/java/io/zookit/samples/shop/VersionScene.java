package io.zookit.samples.shop;

import io.zookit.core.ZkClient;
import io.zookit.registry.PolicyStore;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.balance.Route;
import io.zookit.samples.shop.inventory.InventoryService;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Scene of a new version of the inventory: gets a share of the calls by a route, then all of them, while orders flow. */
public final class VersionScene {

  private static final String ROUTE = "trial";
  private static final int SHARE = 20;
  private static final int ALL = 100;

  private final PolicyStore policy;
  private final ShopEventLog log;
  private final ProcessFleet fleet;
  private final BoundedWait wait;
  private final CallCounter counter;
  private final SceneNotes notes;

  /** Creates a scene. */
  public VersionScene(
      ZkClient zk,
      ShopEventLog log,
      ProcessFleet fleet,
      BoundedWait wait,
      CallCounter counter,
      SceneNotes notes) {
    this.policy = ServiceRegistry.in(zk).policy(InventoryService.NAME);
    this.log = log;
    this.fleet = fleet;
    this.wait = wait;
    this.counter = counter;
    this.notes = notes;
  }

  /**
   * Plays the scene.
   *
   * @param trial how long each share is watched
   */
  public void play(Duration trial) throws Exception {
    route(SHARE); // in force before the first instance of the version exists
    fleet.startNewInventory();
    for (String caller : ProcessFleet.ORDERS) {
      wait.until(
          caller + " finding " + ProcessFleet.NEW_INVENTORY,
          BoundedWait.LIMIT,
          () -> log.first(
              Kind.JOINED,
              entry ->
                  entry.isBy(caller) && entry.fact("instance").equals(ProcessFleet.NEW_INVENTORY)));
    }
    notes.progress("started " + ProcessFleet.NEW_INVENTORY + ", version " + ProcessFleet.NEW_VERSION
        + ", with a route of " + SHARE + " % of the calls: it got " + callsDuring(trial));
    route(ALL);
    notes.progress("the route now takes " + ALL + " %: it got " + callsDuring(trial));
    policy.change(now -> now.withoutRoute(ROUTE));
    notes.progress("the route is removed: the new version shares the calls as all instances do");
  }

  private void route(int percent) throws InterruptedException {
    Route route = new Route(ROUTE, percent, ProcessFleet.NEW_VERSION, Map.of());
    policy.change(now -> now.with(route));
  }

  /** Counts until the new version had calls, and at least for the given time. */
  private String callsDuring(Duration time) throws Exception {
    CallTotals before = counter.count();
    wait.rest(time);
    CallTotals during = wait.until("a call to the new version", BoundedWait.LIMIT, () -> {
      CallTotals since = counter.count().minus(before);
      return since.toNewVersion() > 0 ? Optional.of(since) : Optional.empty();
    });
    return during.toNewVersion() + " of " + during.calls();
  }
}
