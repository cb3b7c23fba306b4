package io.zookit.scheduler;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The scheduler's engine in a client: its one ledger and the nodes started from it, which close with the client. */
final class SchedulerHost implements Engine {

  private final CoreClient client;
  private final LedgerVerbs ledger;
  private final ForeignSlots claims;
  private final List<LocalScheduler> schedulers = new CopyOnWriteArrayList<>();

  private SchedulerHost(CoreClient client) {
    this.client = client;
    this.ledger = new LedgerVerbs(client);
    this.claims = new ForeignSlots(client);
  }

  static SchedulerHost in(ZkClient client) {
    return CoreClient.of(client).engine(SchedulerHost.class, SchedulerHost::new);
  }

  JobLedger ledger() {
    return ledger;
  }

  SlotClaims claims() {
    return claims;
  }

  JobScheduler start(JobSchedulerBuilder builder) {
    LocalScheduler scheduler = new LocalScheduler(client, ledger, builder, schedulers::remove);
    schedulers.add(scheduler);
    scheduler.start();
    return scheduler;
  }

  @Override
  public void start() {}

  @Override
  public void close() {
    claims.close();
    schedulers.forEach(LocalScheduler::closeWithClient);
  }
}
