package io.zookit.console.http;

import io.zookit.console.resource.ApiReply;
import io.zookit.views.ViewJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An answer as it is sent. */
final class Rendered {

  private static final int TAG_BYTES = 12;

  private final int status;
  private final String etag;
  private final byte[] json;
  private final Duration age;
  private final @Nullable Throwable failure;

  private Rendered(
      int status, String etag, byte[] json, Duration age, @Nullable Throwable failure) {
    this.status = status;
    this.etag = etag;
    this.json = json;
    this.age = age;
    this.failure = failure;
  }

  static Rendered of(ApiReply reply) {
    Object body = reply.body();
    if (body == null) {
      return new Rendered(reply.status(), "", new byte[0], Duration.ZERO, null);
    }
    byte[] json = ViewJson.write(body).getBytes(StandardCharsets.UTF_8);
    String tag = reply.etag().orElseGet(() -> hash(json));
    return new Rendered(reply.status(), '"' + tag + '"', json, reply.age(), null);
  }

  static Rendered failed(Throwable failure) {
    return new Rendered(503, "", new byte[0], Duration.ZERO, failure);
  }

  int status() {
    return status;
  }

  /** The entity tag in quotes; empty without a body. */
  String etag() {
    return etag;
  }

  byte[] json() {
    return json;
  }

  Duration age() {
    return age;
  }

  /** The error that is sent instead; null if there is an answer. */
  @Nullable
  Throwable failure() {
    return failure;
  }

  boolean isSame(Rendered other) {
    return failure == null
        ? etag.equals(other.etag) && other.failure == null
        : other.failure != null;
  }

  private static String hash(byte[] json) {
    try {
      return HexFormat.of()
          .formatHex(Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(json), TAG_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
