package io.zookit.registry.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.lane.SerialLane;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.Recorded;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.internal.selection.InstanceChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerSubscriptionTest {

  private final Queue<Runnable> executor = new ArrayDeque<>();
  private final Recorded told = new Recorded();
  private final ListenerSubscription follower =
      new ListenerSubscription("payments", told, SerialLane.on(executor::add, "test"), () -> {});

  @Test
  void offer_toASlowListener_isToldAsOneChangeForEachId() {
    follower.offer(List.of(added("a", 1), added("b", 1)));
    follower.offer(List.of(changed("a", 1, 2, ChangeCause.UPDATED)));
    follower.offer(List.of(removed("b", 1)));
    follower.offer(List.of(changed("a", 2, 3, ChangeCause.REPLACED)));
    pump();
    assertThat(told.lines()).containsExactly("added a h:3 REPLACED");
  }

  @Test
  void offer_afterClose_isNotTold() {
    follower.offer(List.of(added("a", 1)));
    follower.close();
    pump();
    assertThat(told.lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void offer_listenerThatThrows_isToldTheNext(boolean error) {
    List<String> heard = new ArrayList<>();
    ServiceListener failing = new ServiceListener() {
      @Override
      public void onAdded(ServiceInstance instance, ChangeCause cause) {
        heard.add(instance.id());
        if (error) {
          throw new NoClassDefFoundError("expected by the test");
        }
        throw new IllegalStateException("expected by the test");
      }
    };
    ListenerSubscription failed = new ListenerSubscription(
        "payments", failing, SerialLane.on(executor::add, "test"), () -> {});
    failed.offer(List.of(added("a", 1), added("b", 1)));
    pump();
    assertThat(heard).containsExactly("a", "b");
  }

  @Test
  void offer_randomChangesAtRandomSpeed_addUpToTheView() {
    long seed = Long.getLong("zookit.seed", System.identityHashCode(this));
    System.out.println("seed=" + seed);
    Random random = new Random(seed);
    Map<String, ServiceInstance> view = new TreeMap<>();
    Map<String, ServiceInstance> applied = new TreeMap<>();
    ListenerSubscription applying = new ListenerSubscription(
        "payments", applier(applied), SerialLane.on(executor::add, "test"), () -> {});
    for (int step = 0; step < 2000; step++) {
      String id = "i" + random.nextInt(4);
      ServiceInstance before = view.get(id);
      ServiceInstance after = random.nextInt(3) == 0 ? null : instance(id, 1 + random.nextInt(9));
      if (before != null || after != null) {
        applying.offer(List.of(new InstanceChange(id, before, after, ChangeCause.UPDATED)));
        if (after == null) {
          view.remove(id);
        } else {
          view.put(id, after);
        }
      }
      if (random.nextInt(4) == 0) {
        pump();
        assertThat(applied).isEqualTo(view);
      }
    }
  }

  /** Returns a listener that applies the changes and fails if one does not follow from those before. */
  private static ServiceListener applier(Map<String, ServiceInstance> applied) {
    return new ServiceListener() {
      @Override
      public void onAdded(ServiceInstance instance, ChangeCause cause) {
        assertThat(applied.put(instance.id(), instance)).isNull();
      }

      @Override
      public void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {
        assertThat(applied.put(after.id(), after)).isEqualTo(before);
      }

      @Override
      public void onRemoved(ServiceInstance last, ChangeCause cause) {
        assertThat(applied.remove(last.id())).isEqualTo(last);
      }
    };
  }

  private void pump() {
    for (Runnable task = executor.poll(); task != null; task = executor.poll()) {
      task.run();
    }
  }

  private static InstanceChange added(String id, int port) {
    return new InstanceChange(id, null, instance(id, port), ChangeCause.REGISTERED);
  }

  private static InstanceChange changed(String id, int before, int after, ChangeCause cause) {
    return new InstanceChange(id, instance(id, before), instance(id, after), cause);
  }

  private static InstanceChange removed(String id, int port) {
    return new InstanceChange(id, instance(id, port), null, ChangeCause.VANISHED);
  }

  private static ServiceInstance instance(String id, int port) {
    return ServiceInstance.at("payments", "h", port).withId(id);
  }
}
