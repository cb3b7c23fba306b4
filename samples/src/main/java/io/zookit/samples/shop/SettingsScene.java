package io.zookit.samples.shop;

import io.zookit.config.GrayRelease;
import io.zookit.config.Release;
import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scene of the settings: several releases, a gray release for one instance and then for all, and a rollback, while orders
 * flow.
 *
 * <p>What the services use is known from what they report themselves, not from the configuration centre.
 */
public final class SettingsScene {

  private final SettingsPublisher publisher;
  private final ShopEventLog log;
  private final BoundedWait wait;
  private final SceneNotes notes;
  private SettingsFigures figures = SettingsFigures.NONE;

  /** Creates a scene. */
  public SettingsScene(
      SettingsPublisher publisher, ShopEventLog log, BoundedWait wait, SceneNotes notes) {
    this.publisher = publisher;
    this.log = log;
    this.wait = wait;
    this.notes = notes;
  }

  /** Publishes the first settings, before any service starts. */
  public void prepare() throws InterruptedException {
    publisher.publish(1);
  }

  /** Plays the scene. */
  public void play(int editions, Duration trial) throws Exception {
    wait.until("the word of both order services on their settings", BoundedWait.LIMIT, () -> {
      return publisher.instances().containsAll(ProcessFleet.ORDERS)
          ? Optional.of(true)
          : Optional.empty();
    });
    publish(editions);
    int matched = tryOnOne(editions + 1, trial);
    Duration back = rollBack(editions);
    figures = new SettingsFigures(publisher.releases(), matched, Optional.of(back));
  }

  /** Returns the claim, based on all events reported so far. */
  public DemoClaim claim() {
    return figures.claim(log.count(Kind.TORN));
  }

  private void publish(int last) throws Exception {
    Duration start = log.now();
    for (int edition = 2; edition <= last; edition++) {
      publisher.publish(edition);
    }
    awaitAll(last, start);
    notes.progress("published " + (last - 1) + " releases of the checkout's settings in a row: all"
        + " order services use the last");
  }

  /** Gives a release to one service, then promotes it. */
  private int tryOnOne(int edition, Duration trial) throws Exception {
    Duration start = log.now();
    GrayRelease gray = publisher.tryOnOne(edition);
    wait.until(
        "an order service that wraps gifts",
        BoundedWait.LIMIT,
        () -> told(edition, start).findFirst());
    wait.rest(trial);
    Set<String> matched = told(edition, start).map(ReportedEvent::who).collect(Collectors.toSet());
    notes.progress("gray release " + gray.release() + " switches gift-wrap on for one of "
        + ProcessFleet.ORDERS.size() + ": " + String.join(", ", matched) + " wraps; "
        + gifts(start));
    Duration promoted = log.now();
    Release release = publisher.promote(gray);
    awaitAll(edition, start);
    wait.rest(trial);
    notes.progress("promoted to release " + release.number() + " for all: " + gifts(promoted));
    return matched.size();
  }

  private Duration rollBack(int edition) throws Exception {
    Duration start = log.now();
    Release release = publisher.rollBack();
    Duration took = awaitAll(edition, start).minus(start);
    notes.progress("rolled back: release " + release.number() + " has the content of release "
        + release.restores().orElseThrow() + "; no gifts any more, " + took.toMillis()
        + " ms later");
    return took;
  }

  /** Waits until all order services have reported that they use an edition; returns the time of the last report. */
  private Duration awaitAll(int edition, Duration since) throws Exception {
    Duration last = since;
    for (String service : ProcessFleet.ORDERS) {
      ReportedEvent entry = wait.until(
          service + " using edition " + edition + " of the settings",
          BoundedWait.LIMIT,
          () -> told(edition, since).filter(each -> each.isBy(service)).findFirst());
      last = entry.at().compareTo(last) > 0 ? entry.at() : last;
    }
    return last;
  }

  private Stream<ReportedEvent> told(int edition, Duration since) {
    return log.all(Kind.CONFIGURED)
        .filter(entry -> entry.at().compareTo(since) >= 0)
        .filter(entry -> entry.fact("edition").equals(String.valueOf(edition)));
  }

  private String gifts(Duration since) {
    long all = sold(since).count();
    long gifts =
        sold(since).filter(entry -> entry.fact("order").startsWith("gift-")).count();
    return gifts + " of " + all + " orders were gifts";
  }

  private Stream<ReportedEvent> sold(Duration since) {
    return log.all(Kind.ACKNOWLEDGED).filter(entry -> entry.at().compareTo(since) >= 0);
  }
}
