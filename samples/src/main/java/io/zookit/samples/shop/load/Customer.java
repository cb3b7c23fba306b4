package io.zookit.samples.shop.load;

import io.zookit.registry.NoInstanceException;
import io.zookit.samples.shop.http.ServiceCaller;
import io.zookit.samples.shop.http.ServiceReply;
import io.zookit.samples.shop.http.ServiceRequest;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Customer that buys piece after piece of one article until it is sold out, at a leisurely pace until the rush.
 *
 * <p>If an order gets no answer, it is not sent again, because it may have been executed: the customer places a new
 * one.
 */
final class Customer implements Runnable {

  private static final Duration EASE = Duration.ofMillis(250);

  private final String sku;
  private final ServiceCaller orders;
  private final CountDownLatch rush;
  private final CountDownLatch never = new CountDownLatch(1);
  private String coupon = "";

  Customer(String sku, ServiceCaller orders, CountDownLatch rush) {
    this.sku = sku;
    this.orders = orders;
    this.rush = rush;
  }

  private enum PurchaseResult {
    SOLD,
    FAILED,
    SOLD_OUT
  }

  @Override
  public void run() {
    try {
      for (PurchaseResult last = buy(); last != PurchaseResult.SOLD_OUT; last = buy()) {
        CountDownLatch hurry = last == PurchaseResult.SOLD ? rush : never;
        hurry.await(EASE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PurchaseResult buy() throws InterruptedException {
    try {
      ServiceRequest order = ServiceRequest.post("/orders").with("sku", sku);
      ServiceReply reply = orders.send(coupon.isEmpty() ? order : order.with("coupon", coupon));
      return switch (reply.status()) {
        case ServiceReply.OK -> {
          int gap = reply.text().indexOf(' '); // the number, and a coupon for the next order
          coupon = reply.text().substring(gap + 1);
          yield tell(
              PurchaseResult.SOLD,
              ShopEvent.of(Kind.ACKNOWLEDGED).with("order", reply.text().substring(0, gap)));
        }
        case ServiceReply.GONE -> tell(PurchaseResult.SOLD_OUT, ShopEvent.of(Kind.SOLD_OUT));
        default ->
          tell(PurchaseResult.FAILED, ShopEvent.of(Kind.FAILED).with("cause", reply.status()));
      };
    } catch (IOException | NoInstanceException e) {
      String cause = e.getClass().getSimpleName();
      return tell(PurchaseResult.FAILED, ShopEvent.of(Kind.FAILED).with("cause", cause));
    }
  }

  private PurchaseResult tell(PurchaseResult outcome, ShopEvent event) {
    event.with("sku", sku).report();
    return outcome;
  }
}
