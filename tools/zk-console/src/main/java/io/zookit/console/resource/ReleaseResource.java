package io.zookit.console.resource;

import io.zookit.config.Change;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.core.Role;
import io.zookit.views.PreviewShape;
import java.util.List;
import java.util.Optional;

/** Publishing and rolling back. */
final class ReleaseResource {

  private static final int LONGEST_MESSAGE = 1_024;

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.query(NamespaceResource.ONE + "/preview", this::preview),
        Endpoint.change(
            NamespaceResource.ONE + "/releases", this::publish, Role.PUBLISHER, Role.ADMIN),
        Endpoint.change(
            NamespaceResource.ONE + "/rollback", this::rollBack, Role.PUBLISHER, Role.ADMIN));
  }

  private ApiReply preview(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    call.body().only("format", "text");
    return ApiReply.ok(
        PreviewShape.of(ns, call.session().store().preview(ns, GivenContent.of(call, ns))));
  }

  private ApiReply publish(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    call.body().only("format", "text", "message", "overrideFreeze", "allowOpenGrays");
    Change change = change(call);
    if (call.body().flag("allowOpenGrays")) {
      change = change.allowOpenGrays();
    }
    Content content = GivenContent.of(call, ns);
    return ApiReply.created(call.session().store().publish(ns, content, change));
  }

  private ApiReply rollBack(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    call.body().only("release", "message", "overrideFreeze", "abortGrays");
    Change change = change(call);
    if (call.body().flag("abortGrays")) {
      change = change.abortGrays();
    }
    Optional<Integer> release = call.body().number("release");
    Release created = release.isPresent()
        ? call.session().store().rollback(ns, release.get(), change)
        : call.session().store().rollback(ns, change);
    return ApiReply.created(created);
  }

  /** The change of a call that expects a release to be stable. */
  private static Change change(ApiCall call) {
    Change change = signed(call).onTopOf(call.expectedRelease());
    return call.body().flag("overrideFreeze") ? change.overrideFreeze() : change;
  }

  /** The change of a call, with its author and message. */
  static Change signed(ApiCall call) {
    return Change.by(call.author())
        .because(call.body().optionalText("message", LONGEST_MESSAGE).orElse(""));
  }
}
