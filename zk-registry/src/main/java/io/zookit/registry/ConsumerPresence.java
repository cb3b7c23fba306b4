package io.zookit.registry;

import java.time.Instant;

/**
 * A process that follows a service and says so.
 *
 * @param name what it is called
 * @param since when it began, by its own clock
 */
public record ConsumerPresence(String name, Instant since) {}
