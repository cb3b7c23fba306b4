package io.zookit.samples.shop.run;

import io.zookit.samples.shop.ArticleStock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The demo at one moment.
 *
 * @param at the time since the start
 * @param acknowledged orders that customers know to be done
 * @param perSecond the same, in the last seconds
 * @param failed orders that failed, or whose outcome no customer knows
 * @param stock what the database says
 * @param conditions what became of each process
 */
record DashboardState(
    Duration at,
    long acknowledged,
    double perSecond,
    long failed,
    List<ArticleStock> stock,
    Map<String, String> conditions) {}
