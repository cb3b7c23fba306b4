package io.zookit.samples.shop.http;

import io.zookit.core.ZkClient;
import io.zookit.registry.NoInstanceException;
import io.zookit.registry.Pick;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.balance.Balancer;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Calls a service by its name: each call goes to an instance that the registry's rule picks, and to another one if that
 * does not answer.
 */
public final class ServiceCaller implements AutoCloseable {

  private static final Duration READY = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 4;
  private static final Balancer RULE = Balancer.adaptive();

  private final ServiceView view;
  private final ViewRecorder watch;
  private final Duration timeout;
  private final LongAdder calls = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder toVersions = new LongAdder();
  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(3))
      .build();

  private ServiceCaller(ServiceView view, Duration timeout, ViewRecorder watch) {
    this.view = view;
    this.timeout = timeout;
    this.watch = watch;
  }

  /**
   * Creates a caller of a service.
   *
   * @param timeout how long to wait for one answer
   */
  public static ServiceCaller of(String service, ZkClient zk, Duration timeout)
      throws InterruptedException {
    ServiceRegistry registry = ServiceRegistry.builder(zk).balancer(() -> RULE).build();
    ServiceView view = registry.discover(service).awaitReady(READY);
    ViewRecorder watch = new ViewRecorder(view, zk.timekeeper(), ShopEvent::report);
    view.subscribe(watch);
    return new ServiceCaller(view, timeout, watch);
  }

  /**
   * Sends a request to some instance. A request that must not be repeated is sent to another instance only if the
   * first could not be reached at all.
   *
   * @throws NoInstanceException if the service has no instance
   * @throws IOException if none answered; the request may have been served
   */
  public ServiceReply send(ServiceRequest request) throws IOException, InterruptedException {
    Set<String> tried = new HashSet<>();
    for (int attempt = 1; ; attempt++) {
      Pick pick = watch.watched(() -> pickBut(tried), Pick::instance);
      tried.add(pick.instance().id());
      calls.increment();
      pick.instance().version().ifPresent(version -> toVersions.increment());
      try (pick) {
        ServiceReply reply = sendTo(pick.instance(), request);
        pick.succeeded();
        return reply;
      } catch (IOException e) {
        pick.failed();
        failed.increment();
        boolean safe = request.isRepeatable() || e instanceof ConnectException;
        if (!safe || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Reports to the demo the number of requests sent, of those to an instance that did not answer, and of those to an
   * instance that has a version.
   */
  public void reportCalls() {
    ShopEvent.of(Kind.CALLS)
        .with("calls", calls.sum())
        .with("failed", failed.sum())
        .with("new-version", toVersions.sum())
        .report();
  }

  @Override
  public void close() {
    view.close();
  }

  private ServiceReply sendTo(ServiceInstance instance, ServiceRequest request)
      throws IOException, InterruptedException {
    URI server = URI.create("http://" + instance.address());
    HttpResponse<String> response = http.send(request.to(server, timeout), BodyHandlers.ofString());
    return new ServiceReply(response.statusCode(), response.body());
  }

  /** Picks by the rule and the routes of the service; for a further attempt one that was not tried, if there is one. */
  private Pick pickBut(Set<String> tried) {
    return tried.isEmpty() ? view.pick() : view.pick(butNot(tried));
  }

  private static Balancer butNot(Set<String> tried) {
    return (candidates, key) -> {
      int chosen = RULE.choose(candidates, key);
      for (int i = 0;
          i < candidates.size() && tried.contains(candidates.get(chosen).id());
          i++) {
        chosen = Balancer.roundRobin().choose(candidates, key);
      }
      return chosen;
    };
  }
}
