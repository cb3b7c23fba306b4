package io.zookit.scheduler.internal;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.SlotClaims;
import io.zookit.scheduler.internal.ledger.LedgerOverview;
import io.zookit.scheduler.internal.ledger.ZkJobLedger;
import io.zookit.scheduler.internal.ledger.ZkSlotClaims;
import io.zookit.scheduler.internal.node.LocalScheduler;
import io.zookit.scheduler.internal.node.SchedulerOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The scheduler's engine in a client: its one ledger and the nodes started from it, which close with the client. */
public final class SchedulerEngine implements Engine {

  private final CoreClient client;
  private final ZkJobLedger ledger;
  private final ZkSlotClaims claims;
  private final LedgerOverview overview;
  private final List<LocalScheduler> schedulers = new CopyOnWriteArrayList<>();

  private SchedulerEngine(CoreClient client) {
    this.client = client;
    this.overview = new LedgerOverview(client);
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
    client.loop().execute(overview::onNodeStarting);
    scheduler.start();
    return scheduler;
  }

  private void onEnded(LocalScheduler scheduler) {
    schedulers.remove(scheduler);
    client.loop().execute(overview::onNodeEnded);
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
