package io.zookit.console.resource;

import io.zookit.config.Change;
import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.GrayRelease;
import io.zookit.config.Namespace;
import io.zookit.config.Rollout;
import io.zookit.config.gray.Audience;
import io.zookit.core.Role;
import io.zookit.core.time.Durations;
import io.zookit.views.GrayShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gray releases. */
final class GrayResource {

  private static final String ALL = NamespaceResource.ONE + "/grays";
  private static final String ONE = ALL + "/{gray}";
  private static final Role[] PUBLISHERS = {Role.PUBLISHER, Role.ADMIN};
  private static final int MOST_STEPS = 32;
  private static final int LONGEST_AUDIENCE = 1_024;
  private static final int LONGEST_NAME = 128;

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.followed(
            ALL,
            this::list,
            (call, task) -> ChangeSources.both(
                NamespaceResource.onNamespaces(call, task),
                NamespaceResource.onInstances(call, task))),
        Endpoint.change(ALL, this::start, PUBLISHERS),
        Endpoint.change(ONE + "/advance", this::advance, PUBLISHERS),
        Endpoint.change(ONE + "/pause", this::pause, PUBLISHERS),
        Endpoint.change(ONE + "/resume", this::resume, PUBLISHERS),
        Endpoint.change(ONE + "/abort", this::abort, PUBLISHERS));
  }

  private ApiReply list(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    NamespaceResource.state(call, ns);
    List<GrayShape> all = new ArrayList<>();
    for (GrayRelease gray : call.session().store().grays(ns)) {
      all.add(GrayShape.of(gray, gray.status()));
    }
    return ApiReply.ok(all);
  }

  private ApiReply start(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    call.body()
        .only(
            "name",
            "format",
            "text",
            "steps",
            "bake",
            "appliedPercent",
            "message",
            "overrideFreeze");
    List<Audience> steps = call.body().texts("steps", MOST_STEPS, LONGEST_AUDIENCE).stream()
        .map(Audience::parse)
        .toList();
    Duration bake =
        call.body().optionalText("bake", 32).map(Durations::parse).orElse(Duration.ZERO);
    Rollout plan = new Rollout(steps, bake, call.body().number("appliedPercent").orElse(100));
    Change change = ReleaseResource.signed(call);
    if (call.body().flag("overrideFreeze")) {
      change = change.overrideFreeze();
    }
    GrayRelease gray = call.session()
        .store()
        .gray(ns, call.body().text("name", LONGEST_NAME), GivenContent.of(call, ns), plan, change);
    return ApiReply.created(GrayShape.of(gray, gray.status()));
  }

  /** Goes to the next step if the rules of the rollout are met; the caller has found the instances healthy. */
  private ApiReply advance(ApiCall call) throws InterruptedException {
    call.body().only("message");
    GrayRelease gray = gray(call);
    GrayRelease.Progress progress = gray.advance(() -> true, ReleaseResource.signed(call));
    return ApiReply.ok(Map.of(
        "namespace", gray.namespace(),
        "name", gray.name(),
        "release", gray.release(),
        "progress", progress.name().toLowerCase(Locale.ROOT)));
  }

  private ApiReply pause(ApiCall call) throws InterruptedException {
    call.body().only("message");
    gray(call).pause(ReleaseResource.signed(call));
    return ApiReply.done();
  }

  private ApiReply resume(ApiCall call) throws InterruptedException {
    call.body().only("message");
    gray(call).resume(ReleaseResource.signed(call));
    return ApiReply.done();
  }

  private ApiReply abort(ApiCall call) throws InterruptedException {
    call.body().only("message");
    gray(call).abandon(ReleaseResource.signed(call));
    return ApiReply.done();
  }

  private static GrayRelease gray(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    String name = call.variable("gray");
    return call.session()
        .store()
        .gray(ns, name)
        .orElseThrow(() -> new ConfigNotFoundException(ns, "gray release " + name));
  }
}
