package io.zookit.core.internal.session;

import java.util.Objects;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one request: a value, a refusal, or no answer.
 *
 * @param code ZooKeeper's result code
 * @param value present when the code is {@code OK}; a refused multi has the results of its operations here
 * @param sent whether the request may have reached a server
 */
public record Answer<T>(Code code, @Nullable T value, boolean sent) {

  /** The request was answered with a value. */
  public static <T> Answer<T> ok(T value) {
    return new Answer<>(Code.OK, value, true);
  }

  /** The request was answered with a refusal, or not answered. */
  public static <T> Answer<T> of(Code code) {
    return new Answer<>(code, null, true);
  }

  /** Returns the outcome that the client library reports: a result code, and a value that counts if the code is 0. */
  static <T> Answer<T> of(int rc, @Nullable T value) {
    Code code = Code.get(rc);
    return new Answer<>(code == null ? Code.SYSTEMERROR : code, rc == 0 ? value : null, true);
  }

  /** The request was not sent, because the session is not connected. */
  public static <T> Answer<T> notSent() {
    return new Answer<>(Code.CONNECTIONLOSS, null, false);
  }

  /** Tells if there is a value. */
  public boolean isOk() {
    return code == Code.OK;
  }

  /** The value of an answer that {@link #isOk}. */
  public T get() {
    return Objects.requireNonNull(value, () -> "no value: " + code);
  }

  /** Tells if the server answered at all; if not, the effect may have happened if the request was sent. */
  public boolean isAnswered() {
    return isAnswered(code);
  }

  public static boolean isAnswered(Code code) {
    return switch (code) {
      case CONNECTIONLOSS,
          OPERATIONTIMEOUT,
          REQUESTTIMEOUT,
          SESSIONEXPIRED,
          SESSIONMOVED,
          AUTHFAILED -> false;
      case SESSIONCLOSEDREQUIRESASLAUTH, MARSHALLINGERROR, SYSTEMERROR, RUNTIMEINCONSISTENCY ->
        false;
      default -> true;
    };
  }
}
