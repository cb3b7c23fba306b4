package io.zookit.lock;

import io.zookit.core.ZkException;
import java.util.List;

/**
 * This request and others wait for each other in a circle, over processes, and this one is the youngest of them: it was
 * withdrawn so that the others can go on. The text prints the circle.
 */
public class DeadlockException extends ZkException {

  private final List<String> cycle;

  /** Creates an exception; {@code cycle} has one line for each waiting party. */
  public DeadlockException(String message, List<String> cycle) {
    super(message + "\n  " + String.join("\n  ", cycle));
    this.cycle = List.copyOf(cycle);
  }

  /** The cycle of waiting parties, one line each, beginning with this request. */
  public List<String> cycle() {
    return cycle;
  }
}
