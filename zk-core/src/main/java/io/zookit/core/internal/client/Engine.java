package io.zookit.core.internal.client;

/** A part of a module that runs inside a client, at most one of a kind. */
public interface Engine {

  /** Begins to listen to sessions. Called once, by the client, after the constructor. */
  void start();

  /** Closes everything it holds; the work may go on on the loop afterwards. Called once. */
  void close();
}
