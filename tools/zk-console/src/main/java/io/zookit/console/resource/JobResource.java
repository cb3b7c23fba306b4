package io.zookit.console.resource;

import io.zookit.core.Role;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.UnknownJobException;
import io.zookit.views.JobShape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Jobs, their runs and the nodes that run them. */
final class JobResource {

  private static final int LONGEST_REASON = 512;
  private static final int LONGEST_ID = 128;
  private static final int LONGEST_PARAMETER = 4_096;
  private static final int MOST_PARAMETERS = 64;
  private static final Role[] OPERATORS = {Role.OPERATOR, Role.ADMIN};

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.followed(
            "/jobs", this::list, (call, task) -> ChangeSources.of(call.session().jobs(), task)),
        Endpoint.get("/jobs/{job}", this::show),
        Endpoint.get("/jobs/{job}/runs", this::runs),
        Endpoint.get("/jobs/{job}/next", this::next),
        Endpoint.get("/job-nodes", this::nodes),
        Endpoint.change("/jobs/{job}/pause", this::pause, OPERATORS),
        Endpoint.change("/jobs/{job}/resume", this::resume, OPERATORS),
        Endpoint.change("/jobs/{job}/trigger", this::trigger, OPERATORS));
  }

  /**
   * The jobs, and those that cannot be read.
   *
   * @param unreadable the reason by the name of the job
   */
  record JobCollection(List<JobShape> jobs, Map<String, String> unreadable) {}

  private ApiReply list(ApiCall call) throws InterruptedException {
    try (var all = call.session().jobs()) {
      all.value().awaitReady(call.session().timeout());
      var listing = all.value().current();
      return ApiReply.ok(new JobCollection(
              listing.jobs().stream().map(JobShape::of).toList(),
              new TreeMap<>(listing.unreadable())))
          .aged(all.value().age());
    }
  }

  private ApiReply show(ApiCall call) throws InterruptedException {
    return ApiReply.ok(JobShape.of(job(call)));
  }

  private ApiReply runs(ApiCall call) throws InterruptedException {
    return ApiReply.ok(call.session().ledger().history(job(call).job().name()));
  }

  private ApiReply next(ApiCall call) throws InterruptedException {
    return ApiReply.ok(call.session().ledger().next(job(call).job().name(), call.limit(10)).stream()
        .map(JobShape.NextRunShape::of)
        .toList());
  }

  private ApiReply nodes(ApiCall call) throws InterruptedException {
    return ApiReply.ok(call.session().ledger().nodes());
  }

  private ApiReply pause(ApiCall call) throws InterruptedException {
    call.body().only("reason");
    String job = job(call).job().name();
    String reason = call.body().text("reason", LONGEST_REASON);
    return call.sessions().signed(call.role(), call.author(), session -> {
      session.ledger().pause(job, reason);
      return ApiReply.done();
    });
  }

  private ApiReply resume(ApiCall call) throws InterruptedException {
    call.body().only("reason");
    String job = job(call).job().name();
    String reason = call.body().optionalText("reason", LONGEST_REASON).orElse("");
    return call.sessions().signed(call.role(), call.author(), session -> {
      session.ledger().resume(job, reason);
      return ApiReply.done();
    });
  }

  private ApiReply trigger(ApiCall call) throws InterruptedException {
    call.body().only("id", "parameters", "reason");
    String job = job(call).job().name();
    String id =
        call.body().optionalText("id", LONGEST_ID).orElseGet(() -> "http-" + UUID.randomUUID());
    Map<String, String> parameters =
        call.body().textsByName("parameters", MOST_PARAMETERS, LONGEST_PARAMETER);
    String reason = call.body().optionalText("reason", LONGEST_REASON).orElse("");
    boolean made = call.sessions()
        .signed(
            call.role(),
            call.author(),
            session -> session.ledger().trigger(job, id, parameters, reason));
    return ApiReply.created(new JobShape.TriggerShape(job, id, made));
  }

  private static JobView job(ApiCall call) throws InterruptedException {
    String name = call.variable("job");
    return call.session()
        .ledger()
        .find(name)
        .orElseThrow(() -> new UnknownJobException("job " + name + " does not exist"));
  }
}
