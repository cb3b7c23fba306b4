package io.zookit.admin.service;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.registry.balance.Route;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A route of a service, as programs see it.
 *
 * @param route its name
 * @param percent the share of the keys that take it, 0 to 100
 * @param version the version the instances must have; null for any
 * @param tags the metadata the instances must have
 */
record RouteDocument(
    String route, double percent, @Nullable String version, Map<String, String> tags) {

  static final Layout<RouteDocument> LAYOUT = Layout.of(
      RouteDocument::route,
      Column.of("ROUTE", RouteDocument::route),
      Column.of("PERCENT", RouteDocument::percent),
      Column.of("VERSION", each -> Objects.requireNonNullElse(each.version, "")),
      Column.of("TAGS", RouteDocument::tagList));

  static RouteDocument of(Route route) {
    return new RouteDocument(
        route.name(),
        route.percent(),
        route.version().isEmpty() ? null : route.version(),
        new TreeMap<>(route.tags()));
  }

  private String tagList() {
    return tags.entrySet().stream()
        .map(tag -> tag.getKey() + "=" + tag.getValue())
        .collect(Collectors.joining(", "));
  }
}
