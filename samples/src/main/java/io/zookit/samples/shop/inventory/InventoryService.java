package io.zookit.samples.shop.inventory;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zookit.core.ZkClient;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.samples.shop.http.HttpEndpoint;
import io.zookit.samples.shop.http.Reply;
import io.zookit.samples.shop.http.Request;
import io.zookit.samples.shop.process.Event;
import io.zookit.samples.shop.process.Event.Kind;
import io.zookit.samples.shop.process.ShopProcess;
import java.sql.SQLException;
import java.time.Duration;

/** The inventory service: {@code GET /stock} tells how many pieces are left, {@code PUT /stock} sets it for an order. */
public final class InventoryService {

  private final Stock stock;

  private InventoryService(Stock stock) {
    this.stock = stock;
  }

  /** Runs one. */
  public static void main(String[] args) throws Exception {
    ShopProcess process = ShopProcess.begin(args);
    try (ZkClient zk = process.connect();
        HikariDataSource database = open(process.database());
        HttpEndpoint http = HttpEndpoint.start()) {
      InventoryService service = new InventoryService(new Stock(database, process.isFenced()));
      http.on("GET", "/stock", service::left).on("PUT", "/stock", service::sell);
      ServiceInstance instance =
          ServiceInstance.at("inventory", http.host(), http.port()).withId(process.name());
      try (Registration mine = ServiceRegistry.in(zk).register(instance)) {
        mine.awaitRegistered(Duration.ofSeconds(10));
        Event.of(Kind.READY).with("address", instance.address()).tell();
        process.awaitEnd();
      }
    }
  }

  private Reply left(Request request) throws SQLException {
    try {
      return Reply.ok(stock.left(request.parameter("sku"), request.requiredToken()));
    } catch (StaleTokenException e) {
      return refused("read", e, request);
    }
  }

  private Reply sell(Request request) throws SQLException {
    try {
      int left = Integer.parseInt(request.parameter("left"));
      stock.sell(
          request.parameter("order"), request.parameter("sku"), left, request.requiredToken());
      return Reply.ok(left);
    } catch (StaleTokenException e) {
      return refused("write", e, request);
    }
  }

  private static Reply refused(String operation, StaleTokenException e, Request request) {
    Event.of(Kind.REFUSED)
        .with("operation", operation)
        .with("resource", e.resource())
        .with("token", e.token())
        .with("order", request.query().getOrDefault("order", "-"))
        .tell();
    return new Reply(Reply.CONFLICT, String.valueOf(e.getMessage()));
  }

  private static HikariDataSource open(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(4);
    return new HikariDataSource(config);
  }
}
