package io.zookit.samples.shop.http;

import com.sun.net.httpserver.HttpExchange;
import io.zookit.core.FencingToken;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Request from one service to another.
 *
 * @param token the fencing token of the lock under which it is sent, if it is sent under one
 */
public record ServiceRequest(
    String method, String path, Map<String, String> query, Optional<FencingToken> token) {

  /** The header that carries the token. */
  static final String TOKEN_HEADER = "Zookit-Fencing-Token";

  /** Creates a request. */
  public ServiceRequest {
    query = Map.copyOf(query);
  }

  /** Creates a request that reads. */
  public static ServiceRequest get(String path) {
    return new ServiceRequest("GET", path, Map.of(), Optional.empty());
  }

  /** Creates a request that may be sent again: twice has the effect of once. */
  public static ServiceRequest put(String path) {
    return new ServiceRequest("PUT", path, Map.of(), Optional.empty());
  }

  /** Creates a request that must not be sent again: twice has the effect of two. */
  public static ServiceRequest post(String path) {
    return new ServiceRequest("POST", path, Map.of(), Optional.empty());
  }

  /** Returns this request with one more parameter. */
  public ServiceRequest with(String name, Object value) {
    Map<String, String> more = new TreeMap<>(query);
    more.put(name, value.toString());
    return new ServiceRequest(method, path, more, token);
  }

  /** Returns this request with the token of a lock. */
  public ServiceRequest with(FencingToken token) {
    return new ServiceRequest(method, path, query, Optional.of(token));
  }

  /** Returns whether the request may be sent again after its outcome is unknown. */
  public boolean isRepeatable() {
    return !method.equals("POST");
  }

  /**
   * Returns a parameter.
   *
   * @throws IllegalArgumentException if it is missing
   */
  public String parameter(String name) {
    String value = query.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + ": missing (expected: a query parameter)");
    }
    return value;
  }

  /**
   * Returns the token of a request that has to be sent under a lock.
   *
   * @throws IllegalArgumentException if it was sent without one
   */
  public FencingToken requiredToken() {
    return token.orElseThrow(
        () -> new IllegalArgumentException(TOKEN_HEADER + ": missing (expected: a fencing token)"));
  }

  static ServiceRequest received(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    String text = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    for (String each : text.split("&", -1)) {
      String[] pair = each.split("=", 2);
      if (pair.length == 2) {
        query.put(decoded(pair[0]), decoded(pair[1]));
      }
    }
    Optional<FencingToken> token = Optional.ofNullable(
            exchange.getRequestHeaders().getFirst(TOKEN_HEADER))
        .map(FencingToken::parse);
    return new ServiceRequest(
        exchange.getRequestMethod(), exchange.getRequestURI().getPath(), query, token);
  }

  HttpRequest to(URI server, Duration timeout) {
    String text = query.entrySet().stream()
        .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path + "?" + text))
        .method(method, BodyPublishers.noBody())
        .timeout(timeout);
    token.ifPresent(each -> request.header(TOKEN_HEADER, each.toString()));
    return request.build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return method + " " + path + " " + new TreeMap<>(query);
  }
}
