package io.zookit.config.internal.follow;

import io.zookit.config.bind.BindingException;
import io.zookit.config.bind.RecordBinder;
import io.zookit.core.internal.lane.LiveCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record that is kept bound to a namespace. */
final class RecordBinding<T extends Record> {

  /**
   * Outcome of binding a snapshot.
   *
   * @param same whether it is what there was before
   * @param unknown the keys that the record has no component for
   */
  record Attempt<T extends Record>(
      RecordBinding<T> bound,
      @Nullable T value,
      boolean same,
      List<String> problems,
      List<String> unknown) {

    void commit() {
      bound.commit(this);
    }
  }

  private final RecordBinder<T> binder;
  private final BoundLiveValue<T> value;
  private volatile @Nullable T last;

  RecordBinding(RecordBinder<T> binder, BoundLiveValue<T> value) {
    this.binder = binder;
    this.value = value;
  }

  LiveCell<T> cell() {
    return value.cell();
  }

  /** Binds; code of the user may run, so on a lane. One that fails in any way is a refusal. */
  Attempt<T> attempt(Map<String, String> values) {
    try {
      List<String> unknown = new ArrayList<>();
      T bound = binder.bind(values, unknown::add);
      T before = last;
      boolean same = before != null && bound.equals(before);
      return new Attempt<>(this, bound, same, List.of(), unknown);
    } catch (BindingException e) {
      return refusing(e.problems());
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
      // Without its message, which may quote a value.
      String what = e.getClass().getName();
      return refusing(List.of(binder.type().getSimpleName() + ": failed with " + what));
    }
  }

  /** An attempt that was not made. */
  Attempt<T> refusing(List<String> problems) {
    return new Attempt<>(this, null, false, problems, List.of());
  }

  /** On the loop. */
  private void commit(Attempt<T> attempt) {
    T bound = attempt.value();
    value.refused(attempt.problems());
    if (bound == null) {
      return;
    }
    if (attempt.same()) {
      cell().toLive();
    } else {
      last = bound;
      cell().set(bound);
    }
  }
}
