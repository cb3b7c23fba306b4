package io.zookit.samples.shop.load;

import io.zookit.core.ZkClient;
import io.zookit.samples.shop.http.ServiceCaller;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.samples.shop.process.ShopProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Customers of the shop: a few for each article, each in a thread, until all articles are sold out. */
public final class LoadGenerator {

  private static final int CUSTOMERS = 2;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private LoadGenerator() {}

  /** Runs the customers, then waits to be terminated. */
  public static void main(String[] args) throws Exception {
    ShopProcess process = ShopProcess.begin(args);
    CountDownLatch rush = new CountDownLatch(1);
    process.on("rush", rush::countDown);
    try (ZkClient zk = process.connect();
        ServiceCaller orders = ServiceCaller.of("orders", zk, TIMEOUT)) {
      List<Thread> customers = new ArrayList<>();
      for (String sku : process.articles()) {
        for (int i = 0; i < CUSTOMERS; i++) {
          customers.add(new Thread(new Customer(sku, orders, rush), "customer-" + sku + "-" + i));
        }
      }
      customers.forEach(Thread::start);
      for (Thread customer : customers) {
        customer.join();
      }
      ShopEvent.of(Kind.FINISHED).report();
      process.awaitEnd();
    }
  }
}
