package io.zookit.core.internal.audit;

import io.zookit.core.internal.path.ZkPath;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The nodes of the audit: {@code audit/<yyyymmdd>/<n>}, days in UTC, numbers of ten digits from 1. */
record AuditPaths(ZkPath root) {

  /** The name of the folder below the root. */
  static final String FOLDER = "audit";

  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
  private static final int DIGITS = 10;

  ZkPath folder() {
    return root.own(FOLDER);
  }

  ZkPath day(String day) {
    return folder().own(day);
  }

  ZkPath entry(String day, int number) {
    return day(day).own(String.format(Locale.ROOT, "%0" + DIGITS + "d", number));
  }

  static String dayOf(Instant moment) {
    return nameOf(moment.atZone(ZoneOffset.UTC).toLocalDate());
  }

  static String nameOf(LocalDate day) {
    return DAY.format(day);
  }

  /** The day a node is named after; empty if it is named otherwise. */
  static Optional<LocalDate> dayNamed(String name) {
    try {
      return Optional.of(LocalDate.parse(name, DAY));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The number an entry is named after; empty if it is named otherwise. */
  static OptionalInt number(String name) {
    return name.matches("0\\d{" + (DIGITS - 1) + "}")
        ? OptionalInt.of(Integer.parseInt(name))
        : OptionalInt.empty();
  }

  /** The names that are those of days, oldest first. */
  static List<String> days(List<String> names) {
    return names.stream().filter(name -> dayNamed(name).isPresent()).sorted().toList();
  }
}
