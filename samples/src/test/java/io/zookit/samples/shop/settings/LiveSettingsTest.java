package io.zookit.samples.shop.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.bind.RecordBinder;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LiveSettingsTest {

  private final List<ShopEvent> told = new ArrayList<>();

  @Test
  void content_ofAnEdition_bindsToTheSameSettings() throws Exception {
    CheckoutSettings settings = CheckoutSettings.of(7, true);

    assertThat(RecordBinder.of(CheckoutSettings.class).bind(settings.content().values()))
        .isEqualTo(settings);
    assertThat(settings.isWhole()).isTrue();
  }

  @Test
  void now_valuesOfOneRelease_tellsItsEditionOnly() {
    CheckoutSettings settings = CheckoutSettings.of(3, false);

    assertThat(new LiveSettings(new Fixed(settings), told::add).now()).isEqualTo(settings);
    assertThat(told).containsExactly(ShopEvent.of(Kind.CONFIGURED).with("edition", 3));
  }

  @Test
  void now_valuesOfTwoReleases_isTold() {
    CheckoutSettings old = CheckoutSettings.of(3, false);
    CheckoutSettings next = CheckoutSettings.of(4, true);
    CheckoutSettings torn = new CheckoutSettings(
        old.maxOpenOrders(), old.lockTimeout(), next.giftWrap(), next.edition(), next.check());

    new LiveSettings(new Fixed(torn), told::add).now();

    assertThat(told).contains(ShopEvent.of(Kind.TORN).with("edition", 4));
  }

  /** Settings that never change. */
  private record Fixed(CheckoutSettings current) implements LiveValue<CheckoutSettings> {

    @Override
    public Optional<CheckoutSettings> latest() {
      return Optional.of(current);
    }

    @Override
    public LiveValue<CheckoutSettings> awaitReady(Duration timeout) {
      return this;
    }

    @Override
    public Duration age() {
      return Duration.ZERO;
    }

    @Override
    public Subscription subscribe(Consumer<? super CheckoutSettings> listener) {
      listener.accept(current);
      return () -> {};
    }

    @Override
    public void close() {}
  }
}
