package io.zookit.config.format;

/** A text is not of the format it is said to be. The message names place and reason, never a value. */
public final class MalformedContentException extends IllegalArgumentException {

  /** Creates an exception. */
  public MalformedContentException(Format format, String reason) {
    super(format.extension() + ": " + reason);
  }
}
