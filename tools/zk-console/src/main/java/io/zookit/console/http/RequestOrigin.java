package io.zookit.console.http;

import io.zookit.console.resource.ApiException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Origins of requests that are accepted: names under which this console is served, and pages that it served itself. */
final class RequestOrigin {

  /** The header that only a page of this console sends; another origin could not without its consent. */
  static final String OWN = "X-Zookit-Console";

  private final Set<String> hosts = new HashSet<>();
  private final Set<String> origins = new HashSet<>();

  RequestOrigin(HttpSettings settings, int port) {
    String scheme = settings.tls().isPresent() ? "https://" : "http://";
    for (String host : Set.of("127.0.0.1", "localhost", "[::1]")) {
      hosts.add(host + ":" + port);
      origins.add(scheme + host + ":" + port);
    }
    settings.publicHost().ifPresent(name -> {
      hosts.add(name.toLowerCase(Locale.ROOT));
      origins.add("https://" + name.toLowerCase(Locale.ROOT));
    });
  }

  /** Tells if the request names a host that is served; a name that an attacker had resolved to this address is not. */
  boolean isKnownHost(HttpExchange exchange) {
    String host = exchange.header("Host");
    return host != null && hosts.contains(host.toLowerCase(Locale.ROOT));
  }

  /** Refuses a request that the browser sent for a page of another site. */
  void requireSameSite(HttpExchange exchange) {
    String site = exchange.header("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw refused();
    }
  }

  /** Refuses a request that was not made by a page of this console. */
  void requireOwnPage(HttpExchange exchange) {
    requireSameSite(exchange);
    String origin = exchange.header("Origin");
    if (!"1".equals(exchange.header(OWN))
        || (origin != null && !origins.contains(origin.toLowerCase(Locale.ROOT)))) {
      throw refused();
    }
  }

  private static ApiException refused() {
    return new ApiException(
        403, "cross-site", "the request was not made by a page of this console");
  }
}
