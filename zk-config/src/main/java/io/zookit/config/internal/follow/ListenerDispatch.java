package io.zookit.config.internal.follow;

import io.zookit.config.ConfigListener;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.config.format.KeyChange;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Reports to one listener what changed since its last report. Called by one lane. */
public final class ListenerDispatch implements Consumer<ConfigSnapshot> {

  private static final Duration STUCK = Duration.ofSeconds(5);

  private final Namespace ns;
  private final ConfigListener listener;
  private final ConfigObservers observers;
  private final Timekeeper timekeeper;
  private ConfigSnapshot told;
  private boolean first = true;

  public ListenerDispatch(
      Namespace ns, ConfigListener listener, ConfigObservers observers, Timekeeper timekeeper) {
    this.ns = ns;
    this.listener = listener;
    this.observers = observers;
    this.timekeeper = timekeeper;
    this.told = ConfigSnapshot.empty(ns);
  }

  @Override
  public void accept(ConfigSnapshot now) {
    List<KeyChange> changes = now.changesSince(told);
    if (changes.isEmpty() && !first) {
      return;
    }
    told = now;
    first = false;
    Subscription watchdog = timekeeper.after(STUCK, () -> observers.onListenerStuck(ns, STUCK));
    try {
      listener.onChange(now, changes);
    } catch (RuntimeException e) {
      observers.onListenerFailed(ns, e);
    } finally {
      watchdog.close();
    }
  }
}
