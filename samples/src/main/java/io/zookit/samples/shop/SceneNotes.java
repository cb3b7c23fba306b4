package io.zookit.samples.shop;

/** Receives descriptions of what happens in a scene, one line each. */
@FunctionalInterface
public interface SceneNotes {

  /** Subject of a line. */
  enum Kind {
    /** A step of the scene, or its result. */
    PROGRESS,
    /** A fault that the demo causes. */
    FAULT,
    /** A write that the store refused, or orders that failed. */
    REFUSAL
  }

  /** Adds a line. */
  void add(Kind kind, String text);

  /** Adds a line about progress. */
  default void progress(String text) {
    add(Kind.PROGRESS, text);
  }

  /** Adds a line about a fault. */
  default void fault(String text) {
    add(Kind.FAULT, text);
  }

  /** Adds a line about a refusal. */
  default void refusal(String text) {
    add(Kind.REFUSAL, text);
  }
}
