package io.zookit.core;

/**
 * A server is of a version with a known flaw: before 3.8.5, 3.9.0, 3.9.1 or 3.9.3. The text names the flaw, and
 * {@link ZkClientBuilder#acceptServerVersion} for a version whose vendor has ported the fix back. Nothing was sent but the
 * question for its version.
 */
public class UnsupportedServerException extends ZkException {

  /** Creates an exception. */
  public UnsupportedServerException(String message) {
    super(message);
  }
}
