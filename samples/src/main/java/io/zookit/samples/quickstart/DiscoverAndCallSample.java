package io.zookit.samples.quickstart;

import com.sun.net.httpserver.HttpServer;
import io.zookit.core.ZkClient;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.http.BalancedHttp;
import io.zookit.testkit.ZkServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls a service by its name: two instances answer, then one of them leaves. */
public final class DiscoverAndCallSample {

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    HttpServer one = serve("greeter-1");
    HttpServer two = serve("greeter-2");
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null;
        ZkClient zk = ZkClient.connect(server == null ? args[0] : server.connectString());
        Registration first = register(zk, "greeter-1", one);
        Registration second = register(zk, "greeter-2", two);
        ServiceView view = ServiceRegistry.in(zk).discover("sample")) {
      view.awaitReady(Duration.ofSeconds(30));
      call(view, Set.of("greeter-1", "greeter-2"));
      CompletableFuture<Integer> left = new CompletableFuture<>();
      view.subscribe(instances -> {
        if (instances.size() == 1) {
          left.complete(1);
        }
      });
      first.close();
      System.out.println("greeter-1 has left, instances: " + left.get(30, TimeUnit.SECONDS));
      call(view, Set.of(second.instance().id()));
    } finally {
      one.stop(0);
      two.stop(0);
    }
  }

  private static Registration register(ZkClient zk, String id, HttpServer http) throws Exception {
    int port = http.getAddress().getPort();
    ServiceInstance me = ServiceInstance.at("sample", "127.0.0.1", port).withId(id);
    return ServiceRegistry.in(zk).register(me).awaitRegistered(Duration.ofSeconds(30));
  }

  private static void call(ServiceView view, Set<String> expected) throws Exception {
    BalancedHttp http = BalancedHttp.of(HttpClient.newHttpClient(), view);
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      var answer = http.send(to -> HttpRequest.newBuilder(to).build(), BodyHandlers.discarding());
      names.add(answer.headers().firstValue("Served-By").orElse("unknown"));
    }
    if (!names.equals(expected)) {
      throw new IllegalStateException(names + " (expected: " + expected + ")");
    }
    System.out.println("40 calls were answered by " + names);
  }

  private static HttpServer serve(String name) throws Exception {
    HttpServer http = HttpServer.create();
    http.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", exchange -> {
      exchange.getResponseHeaders().set("Served-By", name);
      exchange.sendResponseHeaders(204, -1);
    });
    http.start();
    return http;
  }
}
