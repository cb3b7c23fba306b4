package io.zookit.console.http;

import org.jspecify.annotations.Nullable;

/** The cookie of a session. Over plain HTTP its name has the port: browsers share cookies among the ports of a host. */
final class SessionCookie {

  private final String name;
  private final String attributes;

  SessionCookie(HttpSettings settings, int port) {
    this.name = settings.isSecure() ? "__Host-zookit" : "zookit-console-" + port;
    this.attributes =
        "; Path=/; HttpOnly; SameSite=Strict" + (settings.isSecure() ? "; Secure" : "");
  }

  /** The session of a request; null if it has none, or several. */
  @Nullable
  String of(HttpExchange exchange) {
    String found = null;
    for (String line : exchange.request().getHeaders().getValuesList("Cookie")) {
      for (String pair : line.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
          if (found != null) {
            return null;
          }
          found = pair.substring(equals + 1).strip();
        }
      }
    }
    return found;
  }

  void set(HttpExchange exchange, String session, long seconds) {
    exchange.set("Set-Cookie", name + "=" + session + "; Max-Age=" + seconds + attributes);
  }

  void remove(HttpExchange exchange) {
    exchange.set("Set-Cookie", name + "=; Max-Age=0" + attributes);
  }
}
