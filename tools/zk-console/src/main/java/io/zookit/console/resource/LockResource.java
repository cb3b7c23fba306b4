package io.zookit.console.resource;

import io.zookit.core.Role;
import io.zookit.lock.inspect.LockNotFoundException;
import io.zookit.lock.inspect.LockReport;
import io.zookit.views.LockShape;
import java.util.List;

/** Locks and their queues. */
final class LockResource {

  private static final int MOST = 1_000;
  private static final int LONGEST_NAME = 1_024;
  private static final int LONGEST_REASON = 512;

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/locks", this::list),
        Endpoint.followed(
            "/locks/{+name}",
            this::show,
            (call, task) -> ChangeSources.of(call.session().lock(call.variable("name")), task)),
        Endpoint.change("/lock-revocations", this::revoke, Role.OPERATOR, Role.ADMIN),
        Endpoint.change("/lock-breaks", this::breakLock, Role.OPERATOR, Role.ADMIN));
  }

  private ApiReply list(ApiCall call) throws InterruptedException {
    List<String> names = call.session().inspector().list();
    List<String> shown = names.subList(0, Math.min(MOST, names.size()));
    return ApiReply.ok(
        call.session().inspector().showAll(shown).stream().map(LockShape::of).toList());
  }

  private ApiReply show(ApiCall call) throws InterruptedException {
    return ApiReply.ok(LockShape.of(call.session().inspector().show(call.variable("name"))));
  }

  private ApiReply revoke(ApiCall call) throws InterruptedException {
    call.body().only("name", "holders", "reason");
    LockReport seen = seen(call);
    String reason = call.body().text("reason", LONGEST_REASON);
    List<LockReport.Entry> revoked = call.sessions()
        .signed(call.role(), call.author(), session -> session.inspector().revoke(seen, reason));
    return changed(seen, "asked back", revoked);
  }

  /** The name is typed twice, in {@code name} and in {@code confirm}. */
  private ApiReply breakLock(ApiCall call) throws InterruptedException {
    call.body().only("name", "holders", "confirm");
    if (!call.body().text("confirm", LONGEST_NAME).equals(call.body().text("name", LONGEST_NAME))) {
      throw new IllegalArgumentException("confirm: not the name of the lock");
    }
    LockReport seen = seen(call);
    List<LockReport.Entry> broken = call.sessions()
        .signed(call.role(), call.author(), session -> session.inspector().breakLock(seen));
    return changed(seen, "broken", broken);
  }

  /** Holders of the lock that the client has seen hold it: others are left alone. */
  private static LockReport seen(ApiCall call) throws InterruptedException {
    String name = call.body().text("name", LONGEST_NAME);
    List<String> nodes = call.body().texts("holders", MOST, LONGEST_NAME);
    LockReport report = call.session().inspector().show(name);
    List<LockReport.Entry> chosen =
        report.holders().stream().filter(each -> nodes.contains(each.node())).toList();
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("holders: nothing (expected: nodes of holders)");
    }
    if (chosen.isEmpty()) {
      throw new ApiException(
          409, "conflict", "lock " + name + ": those holders have left; no other was touched");
    }
    return new LockReport(report.name(), chosen, report.permits(), report.sequencesLeft());
  }

  private static ApiReply changed(LockReport seen, String done, List<LockReport.Entry> entries) {
    if (entries.isEmpty()) {
      throw new LockNotFoundException(
          "lock " + seen.name() + ": those holders have left; no other was touched");
    }
    return ApiReply.ok(LockShape.LockChange.of(seen.name(), done, entries));
  }
}
