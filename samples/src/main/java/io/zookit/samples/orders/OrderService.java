package io.zookit.samples.orders;

import io.zookit.core.ZkClient;
import io.zookit.lock.LockTimeoutException;
import io.zookit.registry.NoInstanceException;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.samples.http.HttpEndpoint;
import io.zookit.samples.http.Reply;
import io.zookit.samples.http.Request;
import io.zookit.samples.http.ServiceCaller;
import io.zookit.samples.process.Event;
import io.zookit.samples.process.Event.Kind;
import io.zookit.samples.process.ShopProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

/** The order service: {@code POST /orders} sells one piece of an article and answers with the order's number. */
public final class OrderService {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Checkout checkout;

  private OrderService(Checkout checkout) {
    this.checkout = checkout;
  }

  /** Runs one. */
  public static void main(String[] args) throws Exception {
    ShopProcess process = ShopProcess.begin(args);
    PausePoint pause = new PausePoint();
    process.on("pause", pause::arm).on("go", pause::letGo);
    try (ZkClient zk = process.connect();
        ServiceCaller inventory = ServiceCaller.of("inventory", zk, PATIENCE);
        HttpEndpoint http = HttpEndpoint.start()) {
      process.on("calls", inventory::tellCalls);
      Checkout checkout = new Checkout(zk, new Inventory(inventory), pause);
      http.on("POST", "/orders", new OrderService(checkout)::sell);
      ServiceInstance instance =
          ServiceInstance.at("orders", http.host(), http.port()).withId(process.name());
      try (Registration mine = ServiceRegistry.in(zk).register(instance)) {
        mine.awaitRegistered(Duration.ofSeconds(10));
        Event.of(Kind.READY).with("address", instance.address()).tell();
        process.awaitEnd();
      }
    }
  }

  private Reply sell(Request request) throws InterruptedException {
    String order = UUID.randomUUID().toString();
    try {
      checkout.sell(order, request.parameter("sku"));
      return Reply.ok(order);
    } catch (SoldOutException e) {
      return new Reply(Reply.GONE, String.valueOf(e.getMessage()));
    } catch (LeaseLostException e) {
      return new Reply(Reply.CONFLICT, String.valueOf(e.getMessage()));
    } catch (LockTimeoutException | NoInstanceException | IOException e) {
      return new Reply(Reply.UNAVAILABLE, e.toString());
    }
  }
}
