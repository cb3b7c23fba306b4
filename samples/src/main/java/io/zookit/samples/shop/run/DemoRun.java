package io.zookit.samples.shop.run;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.samples.shop.DemoException;
import io.zookit.samples.shop.ProcessFleet;
import io.zookit.samples.shop.SceneNotes;
import io.zookit.samples.shop.ShopDatabase;
import io.zookit.samples.shop.ShopEventLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One run of the demo: starts what the scenario needs, plays it, and closes everything. */
final class DemoRun {

  private final DemoOptions options;
  private final DemoPlan plan;
  private final DemoTerminal terminal;
  private final Path logs;
  private final ShopEventLog log = new ShopEventLog(Timekeeper.system());

  /** @param logs a folder of this run's own */
  DemoRun(DemoOptions options, DemoPlan plan, DemoTerminal terminal, Path logs) {
    this.options = options;
    this.plan = plan;
    this.terminal = terminal;
    this.logs = logs;
  }

  /**
   * Runs the demo.
   *
   * @param open receives the resources that remain to be closed
   * @throws DemoException if it could not be run to its end
   * @throws IllegalArgumentException if the given address is not a valid connect string
   * @throws io.zookit.core.ZkUnavailableException if no ZooKeeper answers at the given address
   */
  Claims play(OpenResources open) {
    Optional<Ensemble> given = options.connect().map(address -> open.keep(given(address)));
    try (ProgressDisplay progress = terminal.progress()) {
      String servers = given.isPresent() ? "" : " and 3 ZooKeeper servers";
      progress.note(log.now(), SceneNotes.Kind.PROGRESS, "starting PostgreSQL" + servers);
      CompletableFuture<ShopDatabase> database =
          CompletableFuture.supplyAsync(() -> open.keep(database()));
      CompletableFuture<Ensemble> ensemble = given
          .map(CompletableFuture::completedFuture)
          .orElseGet(
              () -> CompletableFuture.supplyAsync(() -> open.keep(LocalEnsemble.start(logs))));
      // Waits for both, so that no failure of one leaves the other half started.
      CompletableFuture.allOf(database, ensemble).join();
      return play(open, progress, database.join(), ensemble.join());
    } catch (CompletionException e) {
      throw failure(Objects.requireNonNullElse(e.getCause(), e));
    } catch (Exception e) {
      throw failure(e);
    }
  }

  private Claims play(
      OpenResources open, ProgressDisplay progress, ShopDatabase database, Ensemble ensemble)
      throws Exception {
    ProcessFleet fleet = open.keep(new ProcessFleet(log, logs, arguments(ensemble, database)));
    try (ZkClient zk = connect(ensemble);
        DashboardRefresher refresher = DashboardRefresher.start(log, database, fleet, progress)) {
      return new DemoScenario(plan, log, fleet, database, ensemble.servers(), zk, progress).play();
    }
  }

  private static ZkClient connect(Ensemble ensemble) {
    return ZkClient.builder(ensemble.connectString())
        .root(ensemble.root())
        .label("demo")
        .allowUnauthenticated()
        .connect();
  }

  private static DemoException failure(Throwable cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return cause instanceof DemoException known
        ? known
        : new DemoException(cause.toString(), cause);
  }

  private ShopDatabase database() {
    return ShopDatabase.start(logs, plan.skus(), plan.pieces());
  }

  private Ensemble given(String address) {
    return ExistingEnsemble.at(address, "/zookit-demo-" + logs.getFileName());
  }

  private List<String> arguments(Ensemble ensemble, ShopDatabase database) {
    List<String> arguments = new ArrayList<>(List.of(
        "--connect", ensemble.connectString(),
        "--root", ensemble.root(),
        "--database", database.url(),
        "--articles", String.join(",", plan.skus())));
    if (!options.fenced()) {
      arguments.add("--unfenced");
    }
    return arguments;
  }
}
