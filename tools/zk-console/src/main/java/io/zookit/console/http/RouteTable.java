package io.zookit.console.http;

import io.zookit.console.resource.ApiException;
import io.zookit.console.resource.Endpoint;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the endpoint of a request. */
final class RouteTable {

  private static final int LONGEST_PATH = 4_096;

  private final List<Endpoint> endpoints;

  RouteTable(List<Endpoint> endpoints) {
    this.endpoints = List.copyOf(endpoints);
  }

  /**
   * An endpoint and the variables of the path.
   *
   * @param variables decoded, by name
   */
  record MatchedRoute(Endpoint endpoint, Map<String, String> variables) {}

  /**
   * Finds the endpoint of a path as it was sent.
   *
   * @throws ApiException if no endpoint has this path, or none has this method
   */
  MatchedRoute find(String method, String rawPath) {
    if (rawPath.length() > LONGEST_PATH) {
      throw new ApiException(414, "bad-request", "the path is too long");
    }
    List<String> path = segments(rawPath);
    boolean otherMethod = false;
    for (Endpoint endpoint : endpoints) {
      Optional<Map<String, String>> variables = match(segments(endpoint.template()), path);
      if (variables.isPresent()) {
        if (endpoint.method().equals(method)) {
          return new MatchedRoute(endpoint, variables.get());
        }
        otherMethod = true;
      }
    }
    throw otherMethod
        ? new ApiException(405, "method-not-allowed", "this path has no " + method)
        : new ApiException(404, "not-found", "there is no such path");
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  private static Optional<Map<String, String>> match(List<String> template, List<String> path) {
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < template.size(); i++) {
      String part = template.get(i);
      if (part.startsWith("{+")) {
        if (i >= path.size()) {
          return Optional.empty();
        }
        List<String> rest = new ArrayList<>();
        path.subList(i, path.size()).forEach(each -> rest.add(decoded(each)));
        variables.put(part.substring(2, part.length() - 1), String.join("/", rest));
        return Optional.of(variables);
      }
      if (i >= path.size()) {
        return Optional.empty();
      }
      if (part.startsWith("{")) {
        variables.put(part.substring(1, part.length() - 1), decoded(path.get(i)));
      } else if (!part.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return template.size() == path.size() ? Optional.of(variables) : Optional.empty();
  }

  /** Decodes a part of a path; what is not UTF-8, empty or a control character is refused. */
  private static String decoded(String part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '%') {
        if (i + 2 >= part.length()) {
          throw malformed();
        }
        int high = Character.digit(part.charAt(i + 1), 16);
        int low = Character.digit(part.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          throw malformed();
        }
        bytes.write(high * 16 + low);
        i += 2;
      } else if (c > ' ' && c < 0x7f) {
        bytes.write(c);
      } else {
        throw malformed();
      }
    }
    try {
      String text = StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
      if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
        throw malformed();
      }
      return text;
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  private static ApiException malformed() {
    return new ApiException(400, "bad-request", "the path is malformed");
  }
}
