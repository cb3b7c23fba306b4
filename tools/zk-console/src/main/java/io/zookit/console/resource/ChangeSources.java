package io.zookit.console.resource;

import io.zookit.console.follow.SharedViews;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;

/** Subscriptions to shared views. */
final class ChangeSources {

  private ChangeSources() {}

  /** Runs a task with the value that is known and with every later one, until it is closed, which ends the use. */
  static Subscription of(SharedViews.SharedUse<? extends LiveValue<?>> use, Runnable task) {
    Subscription values = use.value().subscribe(value -> task.run());
    return () -> {
      values.close();
      use.close();
    };
  }

  /** Both. */
  static Subscription both(Subscription one, Subscription other) {
    return () -> {
      one.close();
      other.close();
    };
  }
}
