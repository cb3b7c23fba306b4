package io.zookit.samples.shop;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.orders.SalesReport;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Scene of the shop's job: kills the service that writes the report, and finally verifies the ledger. */
public final class ReportScene {

  /** Distance of the end of the verified time, for slots that are due just now. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final ShopEventLog log;
  private final JobLedger ledger;

  /** Creates a scene. */
  public ReportScene(ShopEventLog log, ZkClient zk) {
    this.log = log;
    this.ledger = JobLedger.in(zk);
  }

  /** Kills the service that is writing the report, and waits until the other one writes the next. */
  public void killTheReporter(ProcessFleet fleet, BoundedWait wait, SceneNotes notes)
      throws Exception {
    Duration begin = log.now();
    ReportedEvent report = wait.until(
        "a report",
        BoundedWait.LIMIT,
        () -> reports().filter(entry -> isAfter(entry, begin)).findFirst());
    fleet.kill(report.who());
    Duration kill = log.now();
    notes.fault("killed " + report.who() + " (kill -9) at the report of " + timeOf(report));
    ReportedEvent next = wait.until(
        "a report by another service",
        BoundedWait.LIMIT,
        () -> reports()
            .filter(entry -> isAfter(entry, kill) && !entry.isBy(report.who()))
            .findFirst());
    notes.progress(next.who() + " has gone on with the report of " + timeOf(next) + ", "
        + next.at().minus(kill).toMillis() + " ms later");
  }

  /** Pauses the job and returns the claim about all of its slots. */
  public DemoClaim judge(BoundedWait wait) throws Exception {
    ledger.pause(SalesReport.JOB, "closing time");
    Instant now = Timekeeper.system().now();
    Verification found = wait.until("the end of the last report", BoundedWait.LIMIT, () -> {
      Optional<JobView> job = ledger.find(SalesReport.JOB);
      boolean quiet = job.isPresent() && job.get().running().isEmpty();
      return quiet
          ? Optional.of(ledger.verify(SalesReport.JOB, Instant.EPOCH, now.plus(MARGIN)))
          : Optional.empty();
    });
    return claim(reports().toList(), found);
  }

  /**
   * Returns the claim about the job.
   *
   * @param reports the runs that the services reported, independently of the ledger
   */
  public static DemoClaim claim(List<ReportedEvent> reports, Verification found) {
    long told = reports.stream().map(entry -> entry.fact("slot")).distinct().count();
    long duplicates = reports.size() - told + found.duplicates().size();
    long without = found.gaps().size() + found.pending();
    long skipped = found.outcomes().entrySet().stream()
        .filter(fate -> fate.getKey().startsWith("SKIPPED") || fate.getKey().equals("MISSED"))
        .mapToLong(fate -> fate.getValue())
        .sum();
    return new DemoClaim(
        "jobs",
        told > 0 && duplicates == 0 && without == 0,
        "jobs: slots=" + found.slots() + " duplicates=" + duplicates + " without-fate=" + without
            + " skipped=" + skipped);
  }

  private Stream<ReportedEvent> reports() {
    return log.all(Kind.REPORTED);
  }

  private static boolean isAfter(ReportedEvent entry, Duration moment) {
    return entry.at().compareTo(moment) > 0;
  }

  /** Returns hours, minutes and seconds of a slot. */
  private static String timeOf(ReportedEvent report) {
    return report.fact("slot").replaceAll(".*T|Z", "");
  }
}
