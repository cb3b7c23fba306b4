package io.zookit.samples.shop.run;

import io.zookit.core.Timekeeper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One run of the demo: brings about what the story needs, and ends it. */
final class DemoRun {

  private final DemoOptions options;
  private final DemoPlan plan;
  private final Terminal terminal;
  private final Path logs;
  private final Chronicle chronicle = new Chronicle(Timekeeper.system());

  /** @param logs a folder of this run's own */
  DemoRun(DemoOptions options, DemoPlan plan, Terminal terminal, Path logs) {
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
  Claims play(Belongings open) {
    Optional<Ensemble> given = options.connect().map(address -> open.keep(given(address)));
    try (Progress progress = terminal.progress()) {
      String servers = given.isPresent() ? "" : " and 3 ZooKeeper servers";
      progress.note(chronicle.now(), "starting PostgreSQL" + servers);
      CompletableFuture<ShopDatabase> database =
          CompletableFuture.supplyAsync(() -> open.keep(database()));
      CompletableFuture<Ensemble> ensemble = given
          .map(CompletableFuture::completedFuture)
          .orElseGet(() -> CompletableFuture.supplyAsync(() -> open.keep(OwnEnsemble.start(logs))));
      // Waits for both, so that no failure of one leaves the other half started.
      CompletableFuture.allOf(database, ensemble).join();
      return play(open, progress, database.join(), ensemble.join());
    } catch (CompletionException e) {
      throw failure(Objects.requireNonNullElse(e.getCause(), e));
    } catch (Exception e) {
      throw failure(e);
    }
  }

  private Claims play(Belongings open, Progress progress, ShopDatabase database, Ensemble ensemble)
      throws Exception {
    Stage stage = open.keep(new Stage(chronicle, logs, arguments(ensemble, database)));
    SettingsOffice office = open.keep(SettingsOffice.open(ensemble));
    try (ReportScene reports = ReportScene.open(chronicle, ensemble);
        Camera camera = Camera.start(chronicle, database, stage, progress)) {
      return new Story(plan, chronicle, stage, database, office, progress, reports).play();
    }
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
    return GivenEnsemble.at(address, "/zookit-demo-" + logs.getFileName());
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
