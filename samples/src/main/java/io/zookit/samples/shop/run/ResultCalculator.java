package io.zookit.samples.shop.run;

import io.zookit.samples.shop.ArticleStock;
import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Computes the figures of a run from the reported events and the contents of the database.
 *
 * @param events all events that the processes reported
 */
record ResultCalculator(List<ReportedEvent> events) {

  /**
   * Returns the figures of a run.
   *
   * @param stock the stock in the database
   * @param recorded the orders in the database, read after the last event was received
   */
  Claims claims(List<ArticleStock> stock, Set<String> recorded, Optional<Duration> failover) {
    long brokenPromises = all(Kind.ACKNOWLEDGED)
        .filter(entry -> !recorded.contains(entry.fact("order")))
        .count();
    return new Claims(
        recorded.size(),
        stock.stream().mapToLong(ArticleStock::oversold).sum(),
        stock.stream().mapToLong(ArticleStock::lost).sum() + brokenPromises,
        all(Kind.REFUSED)
            .filter(entry -> entry.fact("operation").equals("write"))
            .count(),
        failover,
        all(Kind.WRONG_CALL).count());
  }

  /**
   * Returns the time from a kill until the last caller's view had dropped the dead instance; empty if one has not.
   *
   * @param kill when it was killed
   */
  Optional<Duration> failover(String instance, Duration kill, List<String> callers) {
    List<Duration> drops = callers.stream()
        .flatMap(caller ->
            drops(caller, instance).filter(at -> at.compareTo(kill) >= 0).findFirst().stream())
        .sorted()
        .toList();
    return drops.size() < callers.size()
        ? Optional.empty()
        : Optional.of(drops.get(drops.size() - 1).minus(kill));
  }

  private Stream<Duration> drops(String caller, String instance) {
    return all(Kind.DROPPED)
        .filter(entry -> entry.isBy(caller) && entry.fact("instance").equals(instance))
        .map(ReportedEvent::at);
  }

  private Stream<ReportedEvent> all(Kind kind) {
    return events.stream().filter(entry -> entry.is(kind));
  }
}
