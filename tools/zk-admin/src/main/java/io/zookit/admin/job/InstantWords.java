package io.zookit.admin.job;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An instant as it is typed. */
final class InstantWords implements ITypeConverter<Instant> {

  @Override
  public Instant convert(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "\"" + text + "\" (expected: an instant like 2026-11-01T00:00:00Z)");
    }
  }

  /** Refuses a range that is none. */
  static void requireOrder(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      throw new CommandException(
          ExitCode.USAGE, "--from: " + from + " (expected: before --to, " + to + ")");
    }
  }
}
