package io.zookit.lock;

import io.zookit.core.ZkException;
import java.util.List;

/**
 * This request and others wait for each other in a circle, over processes, and this one is the youngest of them: it was
 * withdrawn so that the others can go on. The text prints the circle.
 */
public class DeadlockException extends ZkException {

  private final List<String> cycle;

  /** Creates an exception; {@code cycle} is one line for each who waits. */
  public DeadlockException(String message, List<String> cycle) {
    super(message + "\n  " + String.join("\n  ", cycle));
    this.cycle = List.copyOf(cycle);
  }

  /** Who waits for whom, one line each, beginning with this request. */
  public List<String> cycle() {
    return cycle;
  }
}
