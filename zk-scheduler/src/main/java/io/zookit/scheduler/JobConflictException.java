package io.zookit.scheduler;

import io.zookit.core.ZkException;
import java.util.List;

/** A job is defined differently, or in another version, than the caller expects. Nothing was changed. */
public class JobConflictException extends ZkException {

  private final transient List<Job.Difference> differences;

  /** Creates an exception. */
  public JobConflictException(String message) {
    this(message, List.of());
  }

  /** Creates an exception with the differences of the stored definition to the given one. */
  public JobConflictException(String message, List<Job.Difference> differences) {
    super(message);
    this.differences = List.copyOf(differences);
  }

  /** Returns the differences of the stored definition to the given one; empty if no definition is stored. */
  public List<Job.Difference> differences() {
    return differences;
  }
}
