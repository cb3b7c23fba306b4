package io.zookit.samples.shop.run;

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
 * @param shelves what the database says
 * @param conditions what became of each process
 */
record Scene(
    Duration at,
    long acknowledged,
    double perSecond,
    long failed,
    List<Shelf> shelves,
    Map<String, String> conditions) {}
