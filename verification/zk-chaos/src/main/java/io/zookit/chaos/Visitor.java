package io.zookit.chaos;

import java.util.OptionalLong;

/** Somebody who uses a recipe again and again, over a connection of his own. Used by one thread at a time. */
interface Visitor extends AutoCloseable {

  /**
   * Where a visitor comes in.
   *
   * @param name what he is called
   * @param address what he connects to
   * @param servers the servers without anything between
   * @param root the path that all visitors of a recipe share
   */
  record Door(String name, String address, String servers, String root) {}

  /** Takes what the recipe gives, and gives it up. */
  void use() throws Exception;

  boolean isConnected();

  /** How many uses have had an effect that stays, whoever's they were; empty when nothing is to stay of a use. */
  default OptionalLong effects() throws InterruptedException {
    return OptionalLong.empty();
  }

  @Override
  void close() throws InterruptedException;
}
