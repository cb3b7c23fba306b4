package io.zookit.core.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends measurements to a Micrometer registry, under the names they have and without tags.
 *
 * <p><i>Threads:</i> any. Counting and timing are a look-up in a map and what the registry does then.
 */
public final class MicrometerMeters implements Meters {

  /** Gauges of one name add up over all clients, so all clients that write to one registry share them. */
  private static final Map<MeterRegistry, ConcurrentMap<String, Sum>> SUMS = new WeakHashMap<>();

  private final MeterRegistry registry;
  private final ConcurrentMap<String, Sum> sums;
  private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Timer> timers = new ConcurrentHashMap<>();

  private MicrometerMeters(MeterRegistry registry, ConcurrentMap<String, Sum> sums) {
    this.registry = registry;
    this.sums = sums;
  }

  /** Meters that write to a registry, which stays the caller's. */
  public static MicrometerMeters to(MeterRegistry registry) {
    synchronized (SUMS) {
      return new MicrometerMeters(
          registry, SUMS.computeIfAbsent(registry, r -> new ConcurrentHashMap<>()));
    }
  }

  @Override
  public void count(String name, long amount) {
    counters.computeIfAbsent(name, registry::counter).increment((double) amount);
  }

  @Override
  public void time(String name, long nanos) {
    timers.computeIfAbsent(name, registry::timer).record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public Subscription gauge(String name, DoubleSupplier value) {
    sums.compute(name, (key, sum) -> (sum == null ? new Sum(key, registry) : sum).with(value));
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.getAndSet(false)) {
        sums.computeIfPresent(name, (key, sum) -> sum.without(value, registry));
      }
    };
  }

  /** One gauge in the registry, for as long as it has parts. Changed only under the lock of its name in the map. */
  private static final class Sum {
    private final List<DoubleSupplier> parts = new CopyOnWriteArrayList<>();
    private final Gauge gauge;

    Sum(String name, MeterRegistry registry) {
      gauge = Gauge.builder(name, parts, Sum::total).strongReference(true).register(registry);
    }

    Sum with(DoubleSupplier part) {
      parts.add(part);
      return this;
    }

    @Nullable
    Sum without(DoubleSupplier part, MeterRegistry registry) {
      parts.remove(part);
      if (!parts.isEmpty()) {
        return this;
      }
      registry.remove(gauge);
      return null;
    }

    private static double total(List<DoubleSupplier> parts) {
      return parts.stream().mapToDouble(DoubleSupplier::getAsDouble).sum();
    }
  }
}
