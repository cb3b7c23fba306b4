package io.zookit.console.resource;

import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import io.zookit.config.format.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A content that a client sent. */
final class GivenContent {

  static final int LONGEST_TEXT = 1 << 20;

  private GivenContent() {}

  /**
   * Reads the fields {@code format} and {@code text}. Where the client left the placeholder of a secret in place, the sealed
   * value of the stable release is put back, so that a page which never sees secrets does not destroy them.
   */
  static Content of(ApiCall call, Namespace ns) throws InterruptedException {
    Format format = format(call.body().text("format", 16));
    Content given = Content.of(format, call.body().text("text", LONGEST_TEXT));
    if (!given.values().containsValue(Diff.HIDDEN)) {
      return given;
    }
    Content stable = call.session().store().history(ns).find("@stable").isPresent()
        ? stable(call, ns)
        : Content.empty(format);
    List<String> unknown = new ArrayList<>();
    Content whole = given;
    for (Map.Entry<String, String> value : given.values().entrySet()) {
      if (value.getValue().equals(Diff.HIDDEN)) {
        if (stable.isSecret(value.getKey())) {
          whole = whole.with(value.getKey(), stable.get(value.getKey()).orElseThrow());
        } else {
          unknown.add(value.getKey() + ": " + Diff.HIDDEN + " stands for no secret");
        }
      }
    }
    if (!unknown.isEmpty()) {
      throw new ApiException(422, "rejected", "placeholders of secrets that do not exist", unknown);
    }
    return whole;
  }

  private static Content stable(ApiCall call, Namespace ns) throws InterruptedException {
    return call.session()
        .store()
        .history(ns)
        .content(NamespaceResource.release(call, ns, "@stable").number());
  }

  private static Format format(String name) {
    for (Format format : Format.values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "format: \"" + name + "\" (expected: properties, yaml, json or text)");
  }
}
