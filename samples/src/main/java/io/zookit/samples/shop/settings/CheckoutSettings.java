package io.zookit.samples.shop.settings;

import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.bind.Range;
import java.time.Duration;

/**
 * Settings of the checkout that can be changed while it sells.
 *
 * @param maxOpenOrders maximum number of orders that a service processes at once; more are turned away
 * @param lockTimeout how long an order waits for the lock of its article
 * @param giftWrap whether pieces are sold as gifts; the number of such an order begins with {@code gift-}
 * @param edition differs in each content that is published
 * @param check checksum that {@link #isWhole} compares the other values with
 */
public record CheckoutSettings(
    @Range(min = "1", max = "1000") int maxOpenOrders,
    @Range(min = "100ms", max = "1m") Duration lockTimeout,
    boolean giftWrap,
    int edition,
    int check) {

  /** Namespace in which they are published. */
  public static final Namespace NAMESPACE = Namespace.of("demo", "shop", "checkout");

  private static final int OPEN_ORDERS = 40;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Returns the settings of an edition. */
  public static CheckoutSettings of(int edition, boolean giftWrap) {
    int open = OPEN_ORDERS + edition;
    return new CheckoutSettings(open, TIMEOUT, giftWrap, edition, sum(open, giftWrap, edition));
  }

  /** Returns whether all values are of one release: values of two releases do not match the checksum. */
  public boolean isWhole() {
    return check == sum(maxOpenOrders, giftWrap, edition);
  }

  /** Returns the content to publish. */
  public Content content() {
    return Content.properties("# what can be changed while the shop sells\n"
        + "max-open-orders=" + maxOpenOrders
        + "\nlock-timeout=" + lockTimeout.toSeconds() + "s"
        + "\ngift-wrap=" + giftWrap
        + "\nedition=" + edition
        + "\ncheck=" + check + "\n");
  }

  private static int sum(int open, boolean giftWrap, int edition) {
    return 10_000 * edition + 10 * open + (giftWrap ? 1 : 0);
  }
}
