package io.zookit.samples.shop.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Subscription;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.InstanceReport;
import io.zookit.registry.Pick;
import io.zookit.registry.PickReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.ServiceView;
import io.zookit.registry.balance.Balancer;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ViewRecorderTest {

  private static final ServiceInstance ONE =
      ServiceInstance.at("inventory", "127.0.0.1", 1).withId("inventory-1");

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final List<ShopEvent> told = new ArrayList<>();
  private final StillView view = new StillView();
  private final ViewRecorder watch = new ViewRecorder(view, time, told::add);

  @Test
  void onAdded_thenRemoved_isToldByNames() {
    watch.onAdded(ONE, ChangeCause.REGISTERED);
    watch.onRemoved(ONE, ChangeCause.VANISHED);

    assertThat(told)
        .extracting(ShopEvent::toString)
        .containsExactly(
            "event JOINED instance=inventory-1 service=inventory",
            "event DROPPED instance=inventory-1 service=inventory");
  }

  @Test
  void watched_instanceThatIsThere_isNoWrongCall() {
    watch.onAdded(ONE, ChangeCause.REGISTERED);

    assertThat(watch.watched(() -> ONE, one -> one)).isSameAs(ONE);
    assertThat(wrongCalls()).isZero();
  }

  @Test
  void watched_instanceDroppedBeforeTheChoice_isAWrongCall() {
    watch.onRemoved(ONE, ChangeCause.VANISHED);
    time.advance(Duration.ofMillis(1));

    watch.watched(() -> ONE, one -> one);

    assertThat(wrongCalls()).isEqualTo(1);
  }

  @Test
  void watched_instanceDroppedDuringTheChoice_isNoWrongCall() {
    watch.watched(
        () -> {
          time.advance(Duration.ofMillis(1));
          watch.onRemoved(ONE, ChangeCause.VANISHED);
          return ONE;
        },
        one -> one);

    assertThat(wrongCalls()).isZero();
  }

  @Test
  void watched_instanceThatCameBack_isNoWrongCall() {
    watch.onRemoved(ONE, ChangeCause.VANISHED);
    time.advance(Duration.ofMillis(1));
    view.current = List.of(ONE);

    watch.watched(() -> ONE, one -> one);

    assertThat(wrongCalls()).isZero();
  }

  private long wrongCalls() {
    return told.stream().filter(event -> event.is(Kind.WRONG_CALL)).count();
  }

  /** A view that only has a name and instances. */
  private static final class StillView implements ServiceView {

    private List<ServiceInstance> current = List.of();

    @Override
    public String service() {
      return "inventory";
    }

    @Override
    public List<ServiceInstance> current() {
      return current;
    }

    @Override
    public Optional<List<ServiceInstance>> latest() {
      return Optional.of(current);
    }

    @Override
    public ServiceInstance choose() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServiceInstance choose(Balancer balancer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServiceInstance choose(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Pick pick() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Pick pick(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Pick pick(Balancer balancer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ServiceInstance> vanished() {
      return List.of();
    }

    @Override
    public List<ServiceInstance> inRotation() {
      return List.of();
    }

    @Override
    public PickReport explainPick(String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public InstanceReport explain(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Subscription subscribe(ServiceListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Subscription subscribe(Consumer<? super List<ServiceInstance>> listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServiceView awaitReady(Duration timeout) {
      return this;
    }

    @Override
    public Duration age() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}
  }
}
