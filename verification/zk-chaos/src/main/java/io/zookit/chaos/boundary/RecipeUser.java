package io.zookit.chaos.boundary;

import java.util.OptionalLong;

/** User of a recipe that uses it repeatedly, over a connection of its own. Used by one thread at a time. */
interface RecipeUser extends AutoCloseable {

  /**
   * Connection parameters of a visitor.
   *
   * @param name its name
   * @param address the address it connects to
   * @param servers the servers, reached without a proxy
   * @param root the path that all visitors of a recipe share
   */
  record Door(String name, String address, String servers, String root) {}

  /** Takes what the recipe gives, and gives it up. */
  void use() throws Exception;

  boolean isConnected();

  /** Returns the number of uses, by any visitor, with a persistent effect; empty if uses have none. */
  default OptionalLong effects() throws InterruptedException {
    return OptionalLong.empty();
  }

  @Override
  void close() throws InterruptedException;
}
