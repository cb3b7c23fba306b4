package io.zookit.console.http;

/** Headers of every answer. */
final class SecurityHeaders {

  private static final String POLICY = String.join(
      "; ",
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'");

  private SecurityHeaders() {}

  static void set(HttpExchange exchange, boolean secure) {
    exchange.set("Content-Security-Policy", POLICY);
    exchange.set("X-Content-Type-Options", "nosniff");
    exchange.set("X-Frame-Options", "DENY");
    exchange.set("Referrer-Policy", "no-referrer");
    exchange.set("Cross-Origin-Opener-Policy", "same-origin");
    exchange.set("Cross-Origin-Resource-Policy", "same-origin");
    exchange.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    exchange.set("Cache-Control", "no-store");
    if (secure) {
      exchange.set("Strict-Transport-Security", "max-age=31536000");
    }
  }
}
