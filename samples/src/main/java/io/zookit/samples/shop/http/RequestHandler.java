package io.zookit.samples.shop.http;

/** Answers requests. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Answers a request.
   *
   * @throws IllegalArgumentException if the request is invalid: the caller gets the message with status 400
   * @throws Exception if it fails: the caller gets status 500
   */
  ServiceReply answer(ServiceRequest request) throws Exception;
}
