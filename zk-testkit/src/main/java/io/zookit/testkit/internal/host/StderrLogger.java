package io.zookit.testkit.internal.host;

import io.zookit.core.Timekeeper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** One line a message: time, level, thread, last element of the logger's name, text; then the stack trace. */
public final class StderrLogger extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1;
  private static final Level LEAST = StderrLogs.leastLevel();

  private StderrLogger(String name) {
    this.name = name;
  }

  public static StderrLogger named(String name) {
    return new StderrLogger(name.substring(name.lastIndexOf('.') + 1));
  }

  @Override
  public boolean isTraceEnabled() {
    return writes(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return writes(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return writes(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return writes(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return writes(Level.ERROR);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return StderrLogger.class.getName();
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      Object @Nullable [] arguments,
      @Nullable Throwable throwable) {
    StringWriter text = new StringWriter();
    PrintWriter line = new PrintWriter(text);
    line.printf(
        "%s %-5s [%s] %s: %s%n",
        Timekeeper.system().now(),
        level,
        Thread.currentThread().getName(),
        name,
        MessageFormatter.basicArrayFormat(message, arguments));
    if (throwable != null) {
      throwable.printStackTrace(line);
    }
    System.err.print(text);
  }

  private static boolean writes(Level level) {
    return level.toInt() >= LEAST.toInt();
  }
}
