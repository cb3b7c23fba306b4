package io.zookit.admin.cli;

import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The exit codes of exceptions: of those that every command can meet, and of those that the modules add. */
final class FailureCodes {

  private final Map<Class<? extends Throwable>, ExitCode> codes = new LinkedHashMap<>();

  FailureCodes() {
    codes.put(ZkAccessException.class, ExitCode.DENIED);
    codes.put(IllegalArgumentException.class, ExitCode.USAGE);
    codes.put(InterruptedException.class, ExitCode.CANCELLED);
    codes.put(ZkTimeoutException.class, ExitCode.UNAVAILABLE);
    codes.put(ZkUnavailableException.class, ExitCode.UNAVAILABLE);
  }

  void add(Map<Class<? extends Throwable>, ExitCode> ofModule) {
    codes.putAll(ofModule);
  }

  /** The most particular code that is known. */
  ExitCode codeOf(Throwable failure) {
    if (failure instanceof CommandException known) {
      return known.code();
    }
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      Optional<ExitCode> code = Optional.ofNullable(codes.get(type));
      if (code.isPresent()) {
        return code.get();
      }
    }
    return ExitCode.FAILURE;
  }

  /** Returns the message for the user of the command. */
  static String messageOf(Throwable failure) {
    if (failure instanceof InterruptedException) {
      return "interrupted";
    }
    String message = failure.getMessage();
    String text = message == null || message.isBlank() ? failure.getClass().getName() : message;
    Throwable cause = failure.getCause();
    return failure instanceof UncheckedIOException && cause != null ? text + because(cause) : text;
  }

  /** Returns the reason from the operating system, which is the helpful part. */
  private static String because(Throwable cause) {
    String reason = cause.getMessage();
    return " (" + (reason == null || reason.isBlank() ? cause.getClass().getName() : reason) + ")";
  }
}
