package io.zookit.samples.shop.http;

/**
 * Response of a service.
 *
 * @param status the HTTP status code
 */
public record ServiceReply(int status, String text) {

  /** Status of a request that succeeded. */
  public static final int OK = 200;
  /** Status of a request that was refused because its caller has lost the lock. */
  public static final int CONFLICT = 409;
  /** Status of an order for an article that is sold out. */
  public static final int GONE = 410;
  /** Status of a request that was turned away without effect. */
  public static final int UNAVAILABLE = 503;
  /** Status of a request whose effect is unknown, because a service that it depends on did not answer. */
  public static final int UNKNOWN = 504;

  /** Returns the reply to a request that succeeded. */
  public static ServiceReply ok(Object text) {
    return new ServiceReply(OK, text.toString());
  }

  /** Returns whether the request succeeded. */
  public boolean isOk() {
    return status == OK;
  }
}
