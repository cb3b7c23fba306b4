package io.zookit.config;

import io.zookit.config.bind.BindingException;
import io.zookit.config.bind.RecordBinder;
import io.zookit.core.internal.LiveCell;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record that is kept bound to a namespace. */
final class Bound<T extends Record> {

  /** What binding a snapshot came to. */
  record Attempt<T extends Record>(Bound<T> bound, @Nullable T value, List<String> problems) {

    void commit() {
      bound.commit(this);
    }
  }

  private final RecordBinder<T> binder;
  private final BoundValue<T> value;
  private @Nullable T last;

  Bound(RecordBinder<T> binder, BoundValue<T> value) {
    this.binder = binder;
    this.value = value;
  }

  LiveCell<T> cell() {
    return value.cell();
  }

  /** Binds; code of the user may run, so on a lane. */
  Attempt<T> attempt(Map<String, String> values) {
    try {
      return new Attempt<>(this, binder.bind(values), List.of());
    } catch (BindingException e) {
      return new Attempt<>(this, null, e.problems());
    }
  }

  /** An attempt that was not made. */
  Attempt<T> refusing(List<String> problems) {
    return new Attempt<>(this, null, problems);
  }

  /** On the loop. */
  private void commit(Attempt<T> attempt) {
    T bound = attempt.value();
    value.refused(attempt.problems());
    if (bound == null) {
      return;
    }
    if (bound.equals(last)) {
      cell().toLive();
    } else {
      last = bound;
      cell().set(bound);
    }
  }
}
