package io.zookit.console.resource;

import io.zookit.core.Role;
import io.zookit.core.Subscription;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import io.zookit.views.ServiceShape;
import java.time.Instant;
import java.util.List;

/** Services and their instances. */
final class ServiceResource {

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.followed(
            "/services",
            this::list,
            (call, task) -> ChangeSources.of(call.session().services(), task)),
        Endpoint.get("/services/{service}", this::show),
        Endpoint.get("/services/{service}/consumers", this::consumers),
        Endpoint.followed("/services/{service}/instances", this::instances, this::onInstances),
        Endpoint.change(
            "/services/{service}/instances/{instance}/drain",
            this::drain,
            Role.OPERATOR,
            Role.ADMIN));
  }

  private ApiReply list(ApiCall call) throws InterruptedException {
    try (var all = call.session().services()) {
      all.value().awaitReady(call.session().timeout());
      return ApiReply.ok(
              all.value().current().stream().map(ServiceShape.SummaryShape::of).toList())
          .aged(all.value().age());
    }
  }

  private ApiReply show(ApiCall call) throws InterruptedException {
    String service = call.variable("service");
    var registry = call.session().registry();
    requireKnown(call, service);
    ServicePolicy policy = registry.policy(service).read();
    var heartbeats = registry.heartbeats(service);
    try (var view = call.session().service(service)) {
      view.value().awaitReady(call.session().timeout());
      return ApiReply.ok(
          ServiceShape.of(service, view.value().current(), policy, heartbeats, now(call)));
    }
  }

  private ApiReply consumers(ApiCall call) throws InterruptedException {
    requireKnown(call, call.variable("service"));
    return ApiReply.ok(call.session().registry().consumers(call.variable("service")).stream()
        .map(ServiceShape.ConsumerShape::of)
        .toList());
  }

  /** Those that calls may go to. */
  private ApiReply instances(ApiCall call) throws InterruptedException {
    String service = call.variable("service");
    requireKnown(call, service);
    try (var view = call.session().service(service)) {
      view.value().awaitReady(call.session().timeout());
      return ApiReply.ok(ServiceShape.of(
              service, view.value().inRotation(), ServicePolicy.NONE, List.of(), now(call)))
          .aged(view.value().age());
    }
  }

  private Subscription onInstances(ApiCall call, Runnable task) {
    var view = call.session().service(call.variable("service"));
    Subscription changes = view.value().subscribe(new ServiceListener() {
      @Override
      public void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {
        task.run();
      }

      @Override
      public void onRotation(List<ServiceInstance> inRotation) {
        task.run();
      }
    });
    return () -> {
      changes.close();
      view.close();
    };
  }

  private ApiReply drain(ApiCall call) throws InterruptedException {
    call.body().only();
    String service = call.variable("service");
    String id = call.variable("instance");
    requireKnown(call, service);
    try (var view = call.session().service(service)) {
      view.value().awaitReady(call.session().timeout());
      if (view.value().current().stream().noneMatch(each -> each.id().equals(id))) {
        throw new ApiException(
            404, "not-found", "instance " + service + "/" + id + " is not registered");
      }
    }
    Instant now = now(call);
    ServicePolicy after = call.sessions()
        .signed(
            call.role(),
            call.author(),
            session -> session
                .registry()
                .policy(service)
                .change(before -> before.with(
                    id,
                    before
                        .rule(id, now)
                        .orElseGet(() -> InstanceRule.by(call.author()))
                        .withBy(call.author())
                        .withDrain(true))));
    return ApiReply.ok(
        ServiceShape.RuleShape.of(service + "/" + id, after.rule(id, now).orElseThrow()));
  }

  /** A name that was never registered must not open a view that stays. */
  private static void requireKnown(ApiCall call, String service) throws InterruptedException {
    try (var all = call.session().services()) {
      all.value().awaitReady(call.session().timeout());
      if (all.value().current().stream().noneMatch(each -> each.service().equals(service))
          && !call.session().registry().services().contains(service)) {
        throw new ApiException(404, "not-found", "service " + service + " does not exist");
      }
    }
  }

  private static Instant now(ApiCall call) {
    return call.session().client().timekeeper().now();
  }
}
