package io.zookit.samples.shop.load;

import io.zookit.registry.NoInstanceException;
import io.zookit.samples.shop.http.Reply;
import io.zookit.samples.shop.http.Request;
import io.zookit.samples.shop.http.ServiceCaller;
import io.zookit.samples.shop.process.Event;
import io.zookit.samples.shop.process.Event.Kind;
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

  private enum Outcome {
    SOLD,
    FAILED,
    SOLD_OUT
  }

  @Override
  public void run() {
    try {
      for (Outcome last = buy(); last != Outcome.SOLD_OUT; last = buy()) {
        CountDownLatch hurry = last == Outcome.SOLD ? rush : never;
        hurry.await(EASE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome buy() throws InterruptedException {
    try {
      Request order = Request.post("/orders").with("sku", sku);
      Reply reply = orders.send(coupon.isEmpty() ? order : order.with("coupon", coupon));
      return switch (reply.status()) {
        case Reply.OK -> {
          int gap = reply.text().indexOf(' '); // the number, and a coupon for the next order
          coupon = reply.text().substring(gap + 1);
          yield tell(
              Outcome.SOLD,
              Event.of(Kind.ACKNOWLEDGED).with("order", reply.text().substring(0, gap)));
        }
        case Reply.GONE -> tell(Outcome.SOLD_OUT, Event.of(Kind.SOLD_OUT));
        default -> tell(Outcome.FAILED, Event.of(Kind.FAILED).with("cause", reply.status()));
      };
    } catch (IOException | NoInstanceException e) {
      String cause = e.getClass().getSimpleName();
      return tell(Outcome.FAILED, Event.of(Kind.FAILED).with("cause", cause));
    }
  }

  private Outcome tell(Outcome outcome, Event event) {
    event.with("sku", sku).tell();
    return outcome;
  }
}
