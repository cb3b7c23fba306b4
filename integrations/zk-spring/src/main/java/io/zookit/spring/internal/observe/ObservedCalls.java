package io.zookit.spring.internal.observe;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Calls as Micrometer's observations: a timer, and a span where the application has a tracer.
 *
 * <p><i>Cost:</i> nothing in an application without an {@link ObservationRegistry}.
 */
public final class ObservedCalls {

  private static final String OUTCOME = "outcome";

  private final Supplier<ObservationRegistry> registry;

  private ObservedCalls(Supplier<ObservationRegistry> registry) {
    this.registry = registry;
  }

  /** Those of an application, if it has exactly one registry, or a primary one; looked up at the first call. */
  public static ObservedCalls of(ObjectProvider<ObservationRegistry> registries) {
    return new ObservedCalls(() -> registries.getIfUnique(() -> ObservationRegistry.NOOP));
  }

  /** A call that may throw anything, as methods may. */
  @FunctionalInterface
  public interface ObservedCall<T> {

    /** Runs it. */
    T run() throws Throwable;
  }

  /**
   * Runs a call as an observation.
   *
   * @param name of the observation
   * @param context the context of it
   * @param subject the key and the value of what it is about; few different ones
   * @param outcome the outcome of a result; {@code error} if it throws
   */
  public <T> T observe(
      String name,
      Supplier<Observation.Context> context,
      ObservedSubject subject,
      ObservedCall<T> call,
      Function<? super T, String> outcome)
      throws Throwable {
    Observation observation = Observation.createNotStarted(name, context, registry.get())
        .contextualName(name + " " + subject.value())
        .lowCardinalityKeyValue(subject.key(), subject.value());
    observation.start();
    String end = "error";
    try (Observation.Scope scope = observation.openScope()) {
      T result = call.run();
      end = outcome.apply(result);
      return result;
    } catch (Throwable e) {
      observation.error(e);
      throw e;
    } finally {
      observation.lowCardinalityKeyValue(OUTCOME, end).stop();
    }
  }

  /** Runs a call that throws no checked exception as an observation. */
  public <T> T observe(
      String name, ObservedSubject subject, Supplier<T> call, Function<? super T, String> outcome) {
    try {
      return observe(name, Observation.Context::new, subject, call::get, outcome);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name + ": has thrown what it cannot throw", e);
    }
  }

  /**
   * The key and the value of what an observation is about.
   *
   * @param key such as {@code job}
   * @param value such as its name
   */
  public record ObservedSubject(String key, String value) {}
}
