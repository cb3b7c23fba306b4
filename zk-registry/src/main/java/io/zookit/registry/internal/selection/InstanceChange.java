package io.zookit.registry.internal.selection;

import io.zookit.registry.ChangeCause;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One instance of a view before and after a change; at least one of the two is not null. */
public record InstanceChange(
    String id,
    @Nullable ServiceInstance before,
    @Nullable ServiceInstance after,
    ChangeCause cause) {

  /** This change and then another of the same id, as one; empty when they take each other back. */
  public Optional<InstanceChange> then(InstanceChange later) {
    return before == null && later.after == null
        ? Optional.empty()
        : Optional.of(new InstanceChange(id, before, later.after, later.cause));
  }

  /** In a few words for people. */
  String describe() {
    String what = cause.name().toLowerCase(Locale.ROOT);
    return after == null ? what : what + ": " + after;
  }

  public void tell(ServiceListener listener) {
    if (before == null && after != null) {
      listener.onAdded(after, cause);
    } else if (before != null && after == null) {
      listener.onRemoved(before, cause);
    } else if (before != null && after != null) {
      listener.onChanged(before, after, cause);
    }
  }
}
