package io.zookit.samples.shop.inventory;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zookit.core.ZkClient;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.samples.shop.http.HttpEndpoint;
import io.zookit.samples.shop.http.ServiceReply;
import io.zookit.samples.shop.http.ServiceRequest;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.samples.shop.process.ShopProcess;
import java.sql.SQLException;
import java.time.Duration;

/** The inventory service: {@code GET /stock} returns how many pieces are left, {@code PUT /stock} sets it for an order. */
public final class InventoryService {

  /** Name of the service. */
  public static final String NAME = "inventory";

  private final Stock stock;

  private InventoryService(Stock stock) {
    this.stock = stock;
  }

  /** Runs the service until it is terminated. */
  public static void main(String[] args) throws Exception {
    ShopProcess process = ShopProcess.begin(args);
    try (ZkClient zk = process.connect();
        HikariDataSource database = open(process.database());
        HttpEndpoint http = HttpEndpoint.start()) {
      InventoryService service = new InventoryService(new Stock(database, process.isFenced()));
      http.on("GET", "/stock", service::left).on("PUT", "/stock", service::sell);
      ServiceInstance instance = instance(process, http);
      try (Registration mine = ServiceRegistry.in(zk).register(instance)) {
        mine.awaitRegistered(Duration.ofSeconds(10));
        ShopEvent.of(Kind.READY).with("address", instance.address()).report();
        process.awaitEnd();
      }
    }
  }

  private static ServiceInstance instance(ShopProcess process, HttpEndpoint http) {
    ServiceInstance plain =
        ServiceInstance.at(NAME, http.host(), http.port()).withId(process.name());
    return process.version().map(plain::withVersion).orElse(plain);
  }

  private ServiceReply left(ServiceRequest request) throws SQLException {
    try {
      return ServiceReply.ok(stock.left(request.parameter("sku"), request.requiredToken()));
    } catch (StaleTokenException e) {
      return refused("read", e, request);
    }
  }

  private ServiceReply sell(ServiceRequest request) throws SQLException {
    try {
      int left = Integer.parseInt(request.parameter("left"));
      stock.sell(
          request.parameter("order"), request.parameter("sku"), left, request.requiredToken());
      return ServiceReply.ok(left);
    } catch (StaleTokenException e) {
      return refused("write", e, request);
    }
  }

  private static ServiceReply refused(
      String operation, StaleTokenException e, ServiceRequest request) {
    ShopEvent.of(Kind.REFUSED)
        .with("operation", operation)
        .with("resource", e.resource())
        .with("token", e.token())
        .with("order", request.query().getOrDefault("order", "-"))
        .report();
    return new ServiceReply(ServiceReply.CONFLICT, String.valueOf(e.getMessage()));
  }

  private static HikariDataSource open(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(4);
    return new HikariDataSource(config);
  }
}
