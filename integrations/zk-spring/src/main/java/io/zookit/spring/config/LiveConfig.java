package io.zookit.spring.config;

/**
 * An object bound to the configuration in force: what beans inject for a type with {@link LiveProperties}.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Order:</i> two calls of {@link #get} may see two generations. What must belong together is read from one object, or
 * from one {@link #generation}.
 *
 * <p><i>Failure:</i> a release that does not bind, or is not valid, is refused whole; the objects of the last good one stay.
 *
 * <p><i>Cost:</i> a read of a field and a look-up in a map.
 *
 * @param <T> the type, immutable
 */
public interface LiveConfig<T> {

  /** The object of the generation in force. */
  T get();

  /** The generation in force, with the objects of all types. */
  LiveGeneration generation();
}
