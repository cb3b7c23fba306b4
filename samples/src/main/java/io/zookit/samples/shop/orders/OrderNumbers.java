package io.zookit.samples.shop.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zookit.core.ZkClient;
import io.zookit.id.Codes;
import io.zookit.id.OrderNumber;
import io.zookit.id.Sequence;
import java.time.ZoneOffset;

/**
 * Numbers of orders, which all order services take from one sequence, and the coupon that a customer gets with each: a code
 * that cannot be guessed and is checked without storage.
 */
final class OrderNumbers {

  /** Key of the coupons. A shop keeps it secret; all processes of the demo need the same one. */
  private static final byte[] KEY = "the key of the demo's coupons".getBytes(UTF_8);

  private final Sequence sequence;
  private final OrderNumber numbers =
      OrderNumber.dated(ZoneOffset.UTC).digits(8).checked();
  private final Codes coupons = Codes.permuted(KEY, "DEMO");

  private OrderNumbers(Sequence sequence) {
    this.sequence = sequence;
  }

  static OrderNumbers in(ZkClient zk) throws InterruptedException {
    return new OrderNumbers(Sequence.named("order", zk).createFrom(1));
  }

  /** Returns a number that no other order has: a date, a number, a check digit. */
  String next() throws InterruptedException {
    return numbers.next(sequence);
  }

  /** Returns the coupon of an order. */
  String coupon(String order) {
    return coupons.code(numbers.number(order).orElseThrow());
  }

  /** Returns whether a coupon was given to a customer. */
  boolean isCoupon(String code) {
    return coupons.number(code).isPresent();
  }
}
