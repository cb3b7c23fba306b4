package io.zookit.console.resource;

import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigStore;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.Release;
import io.zookit.console.follow.SharedViews;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.views.ComparisonShape;
import io.zookit.views.ContentShape;
import io.zookit.views.DescriptionShape;
import io.zookit.views.DiffShape;
import io.zookit.views.EntryShape;
import io.zookit.views.KeyMatchShape;
import io.zookit.views.LoggedShape;
import io.zookit.views.NamespaceShape;
import java.util.List;

/** Namespaces: state, contents, history, instances. */
final class NamespaceResource {

  static final String ONE = "/namespaces/{env}/{app}/{ns}";

  private static final int LONGEST_PATTERN = 256;

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.followed("/namespaces", this::list, NamespaceResource::onNamespaces),
        Endpoint.followed(ONE, this::show, NamespaceResource::onNamespaces),
        Endpoint.get(ONE + "/content", this::content),
        Endpoint.get(ONE + "/releases", this::releases),
        Endpoint.get(ONE + "/diff", this::diff),
        Endpoint.get(ONE + "/changes", this::changes),
        Endpoint.followed(ONE + "/instances", this::instances, NamespaceResource::onInstances),
        Endpoint.get("/search", this::search),
        Endpoint.get("/comparison", this::comparison),
        Endpoint.get("/changes", this::allChanges));
  }

  private ApiReply list(ApiCall call) throws InterruptedException {
    try (SharedViews.SharedUse<LiveValue<ConfigStore.Inventory>> all =
        call.session().namespaces()) {
      all.value().awaitReady(call.session().timeout());
      return ApiReply.ok(NamespaceShape.of(all.value().current()))
          .aged(all.value().age());
    }
  }

  private ApiReply show(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    return ApiReply.ok(
        DescriptionShape.of(state(call, ns), call.session().store().policy(ns)));
  }

  private ApiReply content(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    Release release = release(call, ns, call.parameter("release").orElse("@stable"));
    return ApiReply.ok(
        ContentShape.of(release, call.session().store().history(ns).content(release.number())));
  }

  private ApiReply releases(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    ConfigStore store = call.session().store();
    NamespaceState state = state(call, ns);
    var grays = store.grays(ns);
    return ApiReply.ok(store.history(ns).releases(call.limit(50)).stream()
        .map(release -> LoggedShape.of(release, state, grays))
        .toList());
  }

  private ApiReply diff(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    String from = call.parameter("from").orElse("@stable~1");
    String to = call.parameter("to").orElse("@stable");
    release(call, ns, from);
    release(call, ns, to);
    return ApiReply.ok(
        DiffShape.of(ns, from, to, call.session().store().history(ns).diff(from, to)));
  }

  private ApiReply changes(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    state(call, ns);
    History history = call.session().store().history(ns);
    return ApiReply.ok(history.entries(call.limit(50)).stream()
        .map(entry -> EntryShape.of(ns, entry))
        .toList());
  }

  private ApiReply allChanges(ApiCall call) throws InterruptedException {
    return ApiReply.ok(EntryShape.of(call.session()
        .store()
        .environments()
        .audit(call.parameter("prefix").orElse(""), call.limit(100))));
  }

  private ApiReply instances(ApiCall call) throws InterruptedException {
    try (var all = call.session().instances(call.namespace())) {
      all.value().awaitReady(call.session().timeout());
      return ApiReply.ok(all.value().current()).aged(all.value().age());
    }
  }

  private ApiReply search(ApiCall call) throws InterruptedException {
    String pattern = call.parameter("key")
        .filter(text -> !text.isBlank() && text.length() <= LONGEST_PATTERN)
        .orElseThrow(() -> new IllegalArgumentException("key: nothing (expected: a pattern)"));
    return ApiReply.ok(KeyMatchShape.of(call.session()
        .store()
        .environments()
        .search(pattern, call.parameter("prefix").orElse(""))));
  }

  private ApiReply comparison(ApiCall call) throws InterruptedException {
    Namespace from = Namespace.parse(call.parameter("from").orElse(""));
    Namespace to = Namespace.parse(call.parameter("to").orElse(""));
    return ApiReply.ok(ComparisonShape.of(call.session().store().environments().compare(from, to)));
  }

  static NamespaceState state(ApiCall call, Namespace ns) throws InterruptedException {
    return call.session()
        .store()
        .state(ns)
        .orElseThrow(() -> new ConfigNotFoundException(ns, "namespace"));
  }

  static Release release(ApiCall call, Namespace ns, String name) throws InterruptedException {
    return call.session()
        .store()
        .history(ns)
        .find(name)
        .orElseThrow(() -> new ConfigNotFoundException(ns, "release " + name));
  }

  static Subscription onNamespaces(ApiCall call, Runnable task) {
    return ChangeSources.of(call.session().namespaces(), task);
  }

  static Subscription onInstances(ApiCall call, Runnable task) {
    return ChangeSources.of(call.session().instances(call.namespace()), task);
  }
}
