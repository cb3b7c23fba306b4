package io.zookit.core.internal.request;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Converts what failed on the loop into what is thrown to the caller that waited: an exception of the same class and text
 * with the caller's stack trace, whose cause is the failure.
 *
 * <p>It is a new exception, because several threads may wait for the same failure. A class without a public constructor
 * {@code (String, Throwable)} or {@code (String)} that keeps the text, or with fields, which a copy would lose, is thrown
 * itself; the trace of the loop is then that of a suppressed exception.
 */
final class CallerException {

  /** Keeps the trace of the loop. */
  private static final class LoopTrace extends Exception {

    private static final long serialVersionUID = 1;

    LoopTrace(StackTraceElement[] trace) {
      super("failed here");
      setStackTrace(trace);
    }
  }

  private CallerException() {}

  /** Returns the exception to throw. */
  static RuntimeException of(@Nullable Throwable failure) {
    if (!(failure instanceof RuntimeException known)) {
      return new IllegalStateException("a request failed in an unknown way", failure);
    }
    RuntimeException copy = copy(known);
    if (copy == null) {
      copy = known;
      if (Stream.of(known.getSuppressed()).noneMatch(LoopTrace.class::isInstance)) {
        known.addSuppressed(new LoopTrace(known.getStackTrace()));
      }
    }
    copy.setStackTrace(trace());
    return copy;
  }

  private static @Nullable RuntimeException copy(RuntimeException failure) {
    if (hasFields(failure.getClass())) {
      return null;
    }
    for (Constructor<?> constructor : failure.getClass().getConstructors()) {
      Class<?>[] types = constructor.getParameterTypes();
      boolean withCause = types.length == 2 && types[1] == Throwable.class;
      if ((withCause || types.length == 1) && types[0] == String.class) {
        RuntimeException copy = copy(constructor, failure, withCause);
        if (copy != null && Objects.equals(copy.getMessage(), failure.getMessage())) {
          return copy;
        }
      }
    }
    return null;
  }

  private static boolean hasFields(Class<?> type) {
    for (Class<?> each = type;
        each != null && each != RuntimeException.class;
        each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable RuntimeException copy(
      Constructor<?> constructor, RuntimeException failure, boolean withCause) {
    try {
      if (withCause) {
        return (RuntimeException) constructor.newInstance(failure.getMessage(), failure);
      }
      Throwable copy = (Throwable) constructor.newInstance(failure.getMessage());
      return (RuntimeException) copy.initCause(failure);
    } catch (ReflectiveOperationException | IllegalStateException e) {
      return null; // the caller throws the failure itself
    }
  }

  /** The calling thread's stack, from the first method outside this package's waiting on. */
  private static StackTraceElement[] trace() {
    return Stream.of(new Exception().getStackTrace())
        .dropWhile(frame -> isWaiting(frame.getClassName()))
        .toArray(StackTraceElement[]::new);
  }

  private static boolean isWaiting(String name) {
    return name.equals(CallerException.class.getName())
        || name.equals(BlockingCalls.class.getName());
  }
}
