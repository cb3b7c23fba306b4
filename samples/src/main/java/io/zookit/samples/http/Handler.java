package io.zookit.samples.http;

/** What answers requests. */
@FunctionalInterface
public interface Handler {

  /**
   * Answers one.
   *
   * @throws IllegalArgumentException when the request is wrong: the caller gets the text with status 400
   * @throws Exception when it fails: the caller gets status 500
   */
  Reply answer(Request request) throws Exception;
}
