package io.zookit.console.resource;

import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.gray.Instance;
import io.zookit.console.follow.ReleaseCache.ReleaseChoice;
import io.zookit.core.ZkUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration of an instance, for programs in other languages: its layers merged, gray releases decided by the rules that
 * clients of the library use, secrets left out.
 */
final class ClientConfigResource {

  private static final Pattern TAG = Pattern.compile("\"?([0-9]{1,18})\\.([0-9]{1,18})\\..*");
  private static final Pattern LABEL = Pattern.compile("([A-Za-z0-9._/-]{1,128})=([^,]{0,256})");
  private static final int LONGEST = 128;

  List<Endpoint> endpoints() {
    return List.of(Endpoint.followed(
        "/config/{env}/{app}/{ns}", this::current, NamespaceResource::onNamespaces));
  }

  /**
   * Configuration of an instance.
   *
   * @param rule {@code stable}, or {@code gray NAME}
   * @param secrets the keys whose values are secret, which are not in {@code values}
   */
  record ClientConfig(
      String namespace,
      long epoch,
      long revision,
      OptionalInt release,
      String rule,
      Map<String, String> values,
      TreeSet<String> secrets) {}

  private ApiReply current(ApiCall call) throws InterruptedException {
    Namespace ns = call.namespace();
    Instance instance = instance(call);
    try (var all = call.session().namespaces()) {
      all.value().awaitReady(call.session().timeout());
      NamespaceState state = atLeast(call, find(all.value().current(), ns));
      List<NamespaceState> weakestFirst = new ArrayList<>();
      for (Namespace layer : state.layers()) {
        find(all.value().current(), layer).ifPresent(weakestFirst::add);
      }
      weakestFirst.add(state);
      return reply(call, weakestFirst, instance).aged(all.value().age());
    }
  }

  private static ApiReply reply(ApiCall call, List<NamespaceState> weakestFirst, Instance instance)
      throws InterruptedException {
    NamespaceState own = weakestFirst.get(weakestFirst.size() - 1);
    Map<String, String> values = new TreeMap<>();
    TreeSet<String> secrets = new TreeSet<>();
    StringBuilder tag = new StringBuilder(own.epoch() + "." + own.revision());
    ReleaseChoice choice = new ReleaseChoice(OptionalInt.empty(), "stable");
    for (NamespaceState layer : weakestFirst) {
      choice = call.session().releases().choice(layer, instance);
      tag.append('.').append(choice.release().orElse(0));
      if (choice.release().isPresent() && !layer.deleted()) {
        Content content =
            call.session().releases().content(layer, choice.release().getAsInt());
        content.values().forEach((key, value) -> {
          boolean secret = content.isSecret(key);
          values.remove(key);
          secrets.remove(key);
          if (secret) {
            secrets.add(key);
          } else {
            values.put(key, value);
          }
        });
      }
    }
    return ApiReply.ok(new ClientConfig(
            own.namespace().toString(),
            own.epoch(),
            own.revision(),
            choice.release(),
            choice.rule(),
            values,
            secrets))
        .tagged(tag.toString());
  }

  /** Never less than what the client has seen: a console that lags behind it asks ZooKeeper, and says so if that lags, too. */
  private static NamespaceState atLeast(ApiCall call, Optional<NamespaceState> known)
      throws InterruptedException {
    Namespace ns = call.namespace();
    Matcher tag = TAG.matcher(call.known().orElse(""));
    NamespaceState state = known.isPresent() ? known.get() : NamespaceResource.state(call, ns);
    if (tag.matches() && isBefore(state, tag)) {
      state = NamespaceResource.state(call, ns);
      if (isBefore(state, tag)) {
        throw new ZkUnavailableException("the client has seen revision " + tag.group(2) + " of "
            + ns + ", this console not yet");
      }
    }
    if (state.deleted()) {
      throw new ConfigNotFoundException(ns, "namespace");
    }
    return state;
  }

  private static boolean isBefore(NamespaceState state, Matcher tag) {
    long epoch = Long.parseLong(tag.group(1));
    return state.epoch() < epoch
        || (state.epoch() == epoch && state.revision() < Long.parseLong(tag.group(2)));
  }

  private static Optional<NamespaceState> find(ConfigStore.Inventory all, Namespace ns) {
    return all.namespaces().stream()
        .filter(state -> state.namespace().equals(ns))
        .findFirst();
  }

  private static Instance instance(ApiCall call) {
    String id = call.parameter("instance").orElse("http");
    if (id.isBlank() || id.length() > LONGEST) {
      throw new IllegalArgumentException("instance: 1 to " + LONGEST + " characters expected");
    }
    Instance instance = Instance.named(id);
    String labels = call.parameter("labels").orElse("");
    for (String label : labels.isEmpty() ? new String[0] : labels.split(",", -1)) {
      Matcher parts = LABEL.matcher(label);
      if (!parts.matches()) {
        throw new IllegalArgumentException("labels: expected NAME=VALUE,NAME=VALUE");
      }
      instance = instance.withLabel(parts.group(1), parts.group(2));
    }
    return instance;
  }
}
