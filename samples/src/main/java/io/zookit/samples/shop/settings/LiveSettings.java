package io.zookit.samples.shop.settings;

import io.zookit.config.ConfigStore;
import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;
import java.util.function.Consumer;

/** Current settings in one service; reports to the demo when others come into use. */
public final class LiveSettings implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(20);

  private final LiveValue<CheckoutSettings> live;
  private final Consumer<ShopEvent> tell;

  LiveSettings(LiveValue<CheckoutSettings> live, Consumer<ShopEvent> tell) {
    this.live = live;
    this.tell = tell;
    live.subscribe(settings -> tell.accept(event(Kind.CONFIGURED, settings)));
  }

  /** Follows the settings as an instance; returns once they are known. */
  public static LiveSettings of(String instance, ZkClient zk) throws InterruptedException {
    ConfigStore store =
        ConfigStore.builder(zk).instance(Instance.named(instance)).build();
    LiveValue<CheckoutSettings> live =
        store.bind(CheckoutSettings.NAMESPACE, CheckoutSettings.class).awaitReady(READY);
    return new LiveSettings(live, ShopEvent::report);
  }

  /** Returns the settings for one order, which reads them once. */
  public CheckoutSettings now() {
    CheckoutSettings settings = live.current();
    if (!settings.isWhole()) {
      tell.accept(event(Kind.TORN, settings));
    }
    return settings;
  }

  @Override
  public void close() {
    live.close();
  }

  private static ShopEvent event(Kind kind, CheckoutSettings settings) {
    return ShopEvent.of(kind).with("edition", settings.edition());
  }
}
