package io.zookit.samples.shop.run;

import io.zookit.samples.shop.ArticleStock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * State of the demo that the dashboard shows.
 *
 * @param at the time since the start
 * @param acknowledged orders that were confirmed to their customers
 * @param perSecond confirmed orders a second, in the last two seconds
 * @param failed orders that failed, or whose outcome no customer knows
 * @param stock the stock in the database
 * @param conditions the condition of each process
 */
record DashboardState(
    Duration at,
    long acknowledged,
    double perSecond,
    long failed,
    List<ArticleStock> stock,
    Map<String, String> conditions) {}
