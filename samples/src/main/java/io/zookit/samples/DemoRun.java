package io.zookit.samples;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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
   * Plays the demo.
   *
   * @param open ends what is left of it
   * @throws DemoException when it could not be played to its end
   * @throws ZkUnavailableException when the given ZooKeeper is not there
   */
  Claims play(Belongings open) {
    try (Progress progress = terminal.progress()) {
      progress.note(chronicle.now(), "starting PostgreSQL and " + zooKeeper());
      CompletableFuture<ShopDatabase> starting = CompletableFuture.supplyAsync(
          () -> open.keep(ShopDatabase.start(logs.resolve("postgres"), plan.skus(), plan.pieces())));
      Ensemble ensemble = open.keep(ensemble());
      ShopDatabase database = starting.join();
      Stage stage = open.keep(new Stage(chronicle, logs, arguments(ensemble, database)));
      try (Camera camera = Camera.start(chronicle, database, stage, progress)) {
        return new Story(plan, chronicle, stage, database, progress).play();
      }
    } catch (DemoException | ZkUnavailableException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException("interrupted", e);
    } catch (Exception e) {
      throw new DemoException(e.toString(), e);
    }
  }

  private String zooKeeper() {
    return options.connect().map(given -> "looking for ZooKeeper at " + given).orElse("3 ZooKeeper servers");
  }

  private Ensemble ensemble() {
    return options
        .connect()
        .<Ensemble>map(given -> GivenEnsemble.at(given, "/zookit-demo-" + logs.getFileName()))
        .orElseGet(() -> OwnEnsemble.start(logs));
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
