package io.zookit.scheduler.internal;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.overview.FolderOverview;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.SlotClaims;
import io.zookit.scheduler.internal.ledger.JobsContent;
import io.zookit.scheduler.internal.ledger.ZkJobLedger;
import io.zookit.scheduler.internal.ledger.ZkSlotClaims;
import io.zookit.scheduler.internal.node.LocalScheduler;
import io.zookit.scheduler.internal.node.SchedulerOptions;
import io.zookit.scheduler.internal.records.JobPaths;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The scheduler's engine in a client: its one ledger and the nodes started from it, which close with the client. */
public final class SchedulerEngine implements Engine {

  private final CoreClient client;
  private final ZkJobLedger ledger;
  private final ZkSlotClaims claims;
  private final FolderOverview<JobLedger.Listing> overview;
  private final List<LocalScheduler> schedulers = new CopyOnWriteArrayList<>();

  /** The nodes that run in this client; on the loop. */
  private int nodes;

  private SchedulerEngine(CoreClient client) {
    this.client = client;
    this.overview = new FolderOverview<>(
        client,
        "overview of jobs",
        new JobPaths(client.rootPath()).jobs(),
        new JobsContent(client));
    this.ledger = new ZkJobLedger(client, overview);
    this.claims = new ZkSlotClaims(client);
  }

  public static SchedulerEngine in(ZkClient client) {
    return CoreClient.of(client).engine(SchedulerEngine.class, SchedulerEngine::new);
  }

  public JobLedger ledger() {
    return ledger;
  }

  public SlotClaims claims() {
    return claims;
  }

  public JobScheduler start(SchedulerOptions options) {
    LocalScheduler scheduler = new LocalScheduler(client, ledger, options, this::onEnded);
    schedulers.add(scheduler);
    client.loop().execute(() -> addNodes(1));
    scheduler.start();
    return scheduler;
  }

  private void onEnded(LocalScheduler scheduler) {
    schedulers.remove(scheduler);
    client.loop().execute(() -> addNodes(-1));
  }

  /**
   * The overview sets no watch while there are nodes in this client: they have watches on the same paths, and a server before
   * 3.9 keeps one kind of watch for each path and session, so that one would replace the other.
   */
  private void addNodes(int change) {
    nodes += change;
    overview.mayWatch(nodes == 0);
  }

  @Override
  public void start() {}

  @Override
  public void close() {
    claims.close();
    overview.close();
    schedulers.forEach(LocalScheduler::closeWithClient);
  }
}
