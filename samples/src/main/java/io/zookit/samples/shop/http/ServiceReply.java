package io.zookit.samples.shop.http;

/**
 * Response of a service.
 *
 * @param status the HTTP status code
 */
public record ServiceReply(int status, String text) {

  /** Done. */
  public static final int OK = 200;
  /** Refused: the caller has lost its lock. */
  public static final int CONFLICT = 409;
  /** There is nothing left, and there will be nothing. */
  public static final int GONE = 410;
  /** Not now. */
  public static final int UNAVAILABLE = 503;

  /** Done, with what was asked for. */
  public static ServiceReply ok(Object text) {
    return new ServiceReply(OK, text.toString());
  }

  /** Returns whether the request succeeded. */
  public boolean isOk() {
    return status == OK;
  }
}
