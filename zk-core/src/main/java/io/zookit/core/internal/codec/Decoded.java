package io.zookit.core.internal.codec;

/** The result of decoding stored bytes. Unreadable content is a value, too, so that a reader has to decide. */
public sealed interface Decoded<T> {

  /**
   * A record that this reader understands.
   *
   * @param version the format version of the writer; greater than the reader's when it knew fields this one ignored
   */
  record Value<T>(T value, int version) implements Decoded<T> {}

  /**
   * A record of a writer that forbids this reader to guess.
   *
   * @param minReader the least format version that can understand it
   */
  record TooNew<T>(int version, int minReader) implements Decoded<T> {}

  /**
   * Bytes that are no record of this kind.
   *
   * @param reason names the field; of its content it says only what the record itself gave as its refusal
   */
  record Malformed<T>(String reason) implements Decoded<T> {}
}
