package io.zookit.config.secret;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * Wraps and unwraps data keys with keys that are kept outside ZooKeeper: in a file, in the environment, in a vault.
 *
 * <p><i>Threads:</i> any; an implementation may block.
 */
public interface KeyProvider {

  /**
   * A data key as it is stored.
   *
   * @param master the name of the key it is wrapped with
   * @param bytes the wrapped key
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by content below
  record Wrapped(String master, byte[] bytes) {

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
      return other instanceof Wrapped that
          && master.equals(that.master)
          && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return 31 * master.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "key wrapped with " + master;
    }
  }

  /** The name of the key that new data keys are wrapped with. */
  String current();

  /**
   * Wraps a data key with the current key.
   *
   * @param bound what the wrapped key belongs to; unwrapping it for anything else fails
   */
  Wrapped wrap(byte[] dataKey, String bound);

  /**
   * Unwraps a data key.
   *
   * @throws SecretException if the key it is wrapped with is not known here, or it belongs to something else
   */
  byte[] unwrap(Wrapped wrapped, String bound);

  /**
   * Keys in a file: a line {@code name=base64 of 32 bytes} each, the last one is current.
   *
   * @throws SecretException if the file cannot be read, holds anything else, or may be read or written by its group or by
   *     others
   */
  static KeyProvider inFile(Path file) {
    return MasterKeys.inFile(file);
  }

  /**
   * Keys in an environment variable: {@code name:base64} with commas between, the last one is current.
   *
   * @throws SecretException if the variable is not set or holds anything else
   */
  static KeyProvider inEnvironment(String variable) {
    return MasterKeys.inEnvironment(variable, System.getenv(variable));
  }
}
