package io.zookit.core.internal.client;

/** What a module runs inside a client, at most one of a kind. */
public interface Engine {

  /** Begins: listens to sessions. Called once, by whoever made it, after its constructor. */
  void start();

  /** Gives up everything; what that takes may go on on the loop. Called once. */
  void close();
}
