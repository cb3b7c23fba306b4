package io.zookit.samples.shop.run;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.samples.shop.run.Chronicle.Entry;
import io.zookit.samples.shop.run.Claims.Claim;
import io.zookit.samples.shop.orders.SalesReport;
import io.zookit.samples.shop.process.Event.Kind;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Scene of the shop's job: kills the service that writes the report, and finally verifies the ledger. */
final class ReportScene implements AutoCloseable {

  /** Distance of the end of the verified time, for slots that are due just now. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private final Chronicle chronicle;
  private final ZkClient zk;
  private final JobLedger ledger;

  private ReportScene(Chronicle chronicle, ZkClient zk) {
    this.chronicle = chronicle;
    this.zk = zk;
    this.ledger = JobLedger.in(zk);
  }

  static ReportScene open(Chronicle chronicle, Ensemble ensemble) {
    return new ReportScene(
        chronicle,
        ZkClient.builder(ensemble.connectString())
            .root(ensemble.root())
            .label("demo")
            .allowUnauthenticated()
            .connect());
  }

  /** Kills the service that is at the report; the other one has to go on. */
  void killTheReporter(Stage stage, Waiting wait, Consumer<String> note) throws Exception {
    Duration begin = chronicle.now();
    Entry report = wait.until(
        "a report",
        Waiting.LIMIT,
        () -> reports().filter(entry -> isAfter(entry, begin)).findFirst());
    stage.kill(report.who());
    Duration kill = chronicle.now();
    note.accept("killed " + report.who() + " (kill -9) at the report of " + timeOf(report));
    Entry next = wait.until(
        "a report by another service",
        Waiting.LIMIT,
        () -> reports()
            .filter(entry -> isAfter(entry, kill) && !entry.isBy(report.who()))
            .findFirst());
    note.accept(next.who() + " has gone on with the report of " + timeOf(next) + ", "
        + next.at().minus(kill).toMillis() + " ms later");
  }

  /** Stops the job, and judges every slot it had. */
  Claim judge(Waiting wait) throws Exception {
    ledger.pause(SalesReport.JOB, "closing time");
    Instant now = Timekeeper.system().now();
    Verification found = wait.until("the end of the last report", Waiting.LIMIT, () -> {
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
  static Claim claim(List<Entry> reports, Verification found) {
    long told = reports.stream().map(entry -> entry.fact("slot")).distinct().count();
    long duplicates = reports.size() - told + found.duplicates().size();
    long without = found.gaps().size() + found.pending();
    long skipped = found.outcomes().entrySet().stream()
        .filter(fate -> fate.getKey().startsWith("SKIPPED") || fate.getKey().equals("MISSED"))
        .mapToLong(fate -> fate.getValue())
        .sum();
    return new Claim(
        "jobs",
        told > 0 && duplicates == 0 && without == 0,
        "jobs: slots=" + found.slots() + " duplicates=" + duplicates + " without-fate=" + without
            + " skipped=" + skipped);
  }

  @Override
  public void close() {
    zk.close();
  }

  private Stream<Entry> reports() {
    return chronicle.all(Kind.REPORTED);
  }

  private static boolean isAfter(Entry entry, Duration moment) {
    return entry.at().compareTo(moment) > 0;
  }

  /** Hours, minutes and seconds of a slot. */
  private static String timeOf(Entry report) {
    return report.fact("slot").replaceAll(".*T|Z", "");
  }
}
