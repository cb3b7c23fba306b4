package io.zookit.samples.shop.orders;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.lock.LockTimeoutException;
import io.zookit.registry.NoInstanceException;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.samples.shop.http.HttpEndpoint;
import io.zookit.samples.shop.http.ServiceCaller;
import io.zookit.samples.shop.http.ServiceReply;
import io.zookit.samples.shop.http.ServiceRequest;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.samples.shop.process.ShopProcess;
import io.zookit.samples.shop.settings.CheckoutSettings;
import io.zookit.samples.shop.settings.LiveSettings;
import io.zookit.scheduler.JobScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The order service: {@code POST /orders} sells one piece of an article and answers with the order's number and a coupon. */
public final class OrderService {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Checkout checkout;
  private final OrderNumbers numbers;
  private final LiveSettings settings;
  private final AtomicInteger open = new AtomicInteger();

  private OrderService(Checkout checkout, OrderNumbers numbers, LiveSettings settings) {
    this.checkout = checkout;
    this.numbers = numbers;
    this.settings = settings;
  }

  /** Runs the service until it is terminated. */
  public static void main(String[] args) throws Exception {
    ShopProcess process = ShopProcess.begin(args);
    PausePoint pause = new PausePoint();
    process.on("pause", pause::arm).on("go", pause::letGo);
    try (ZkClient zk = process.connect();
        LiveSettings settings = LiveSettings.of(process.name(), zk);
        JobScheduler jobs = SalesReport.start(zk);
        ServiceCaller inventory = ServiceCaller.of("inventory", zk, TIMEOUT);
        HttpEndpoint http = HttpEndpoint.start()) {
      process.on("calls", inventory::reportCalls);
      Checkout checkout = new Checkout(zk, new InventoryClient(inventory), pause);
      OrderNumbers numbers = OrderNumbers.in(zk);
      http.on("POST", "/orders", new OrderService(checkout, numbers, settings)::sell);
      ServiceInstance instance =
          ServiceInstance.at("orders", http.host(), http.port()).withId(process.name());
      try (Registration mine = ServiceRegistry.in(zk).register(instance)) {
        mine.awaitRegistered(Duration.ofSeconds(10));
        ShopEvent.of(Kind.READY)
            .with("address", instance.address())
            .with("node", jobs.label())
            .report();
        process.awaitEnd();
      }
    }
  }

  /** Reads the settings once for each order, so that no order uses values of two releases. */
  private ServiceReply sell(ServiceRequest request) throws InterruptedException {
    CheckoutSettings now = settings.now();
    try {
      return open.incrementAndGet() > now.maxOpenOrders()
          ? new ServiceReply(ServiceReply.UNAVAILABLE, "too many open orders")
          : sell(request, now);
    } finally {
      open.decrementAndGet();
    }
  }

  private ServiceReply sell(ServiceRequest request, CheckoutSettings now)
      throws InterruptedException {
    String sku = request.parameter("sku");
    String coupon = request.query().get("coupon");
    if (coupon != null && !numbers.isCoupon(coupon)) {
      throw new IllegalArgumentException("coupon: " + coupon + " (expected: one that was given)");
    }
    try {
      String number = numbers.next();
      String order = (now.giftWrap() ? "gift-" : "") + number;
      checkout.sell(order, sku, now.lockTimeout());
      return ServiceReply.ok(order + " " + numbers.coupon(number));
    } catch (SoldOutException e) {
      return new ServiceReply(ServiceReply.GONE, String.valueOf(e.getMessage()));
    } catch (LeaseLostException e) {
      return new ServiceReply(ServiceReply.CONFLICT, String.valueOf(e.getMessage()));
    } catch (LockTimeoutException | NoInstanceException | ZkUnavailableException e) {
      return new ServiceReply(ServiceReply.UNAVAILABLE, e.toString());
    } catch (IOException e) {
      return new ServiceReply(ServiceReply.UNKNOWN, e.toString());
    }
  }
}
