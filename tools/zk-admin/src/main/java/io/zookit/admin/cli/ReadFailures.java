package io.zookit.admin.cli;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Style;
import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a list that could not be read: a damaged or forbidden entry is a row of the list, not the end of it. The
 * command ends with {@link ExitCode#FAILURE} after the list is written. Not thread-safe.
 */
public final class ReadFailures {

  private final Map<String, String> reasons = new LinkedHashMap<>();

  /** None yet. */
  public ReadFailures() {}

  /** Reads one thing. */
  @FunctionalInterface
  public interface Read<T> {

    /** Reads it. */
    T now() throws InterruptedException;
  }

  /**
   * Reads one thing, or notes why it cannot be read. An ensemble that does not answer concerns all of them, and is thrown.
   *
   * @param name of the thing, as a command takes it
   */
  public <T> Optional<T> read(String name, Read<? extends T> read) throws InterruptedException {
    try {
      return Optional.of(read.now());
    } catch (ZkUnavailableException | ZkTimeoutException e) {
      throw e;
    } catch (ZkException e) {
      reasons.put(name, FailureCodes.messageOf(e));
      return Optional.empty();
    }
  }

  /** Returns the reason an entry could not be read; null if it could. */
  public @Nullable String reason(String name) {
    return reasons.get(name);
  }

  /** Notes that a thing cannot be read. */
  public void add(String name, String reason) {
    reasons.put(name, reason);
  }

  /** Returns whether everything could be read. */
  public boolean isEmpty() {
    return reasons.isEmpty();
  }

  /** The cell of a row that could not be read. */
  public static Cell cell(String problem) {
    return new Cell("cannot be read: " + problem, Style.BAD);
  }

  /** Returns the exit code of the command, after writing which entries could not be read. */
  public ExitCode code(CommandContext context) {
    if (reasons.isEmpty()) {
      return ExitCode.OK;
    }
    context.info("cannot be read: " + String.join(", ", reasons.keySet()));
    return ExitCode.FAILURE;
  }
}
