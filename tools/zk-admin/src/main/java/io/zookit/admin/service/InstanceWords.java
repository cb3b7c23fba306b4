package io.zookit.admin.service;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code SERVICE/ID}. */
final class InstanceWords implements ITypeConverter<InstanceName> {

  @Override
  public InstanceName convert(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash + 1 == text.length() || text.indexOf('/', slash + 1) >= 0) {
      throw new TypeConversionException("\"" + text + "\" (expected: SERVICE/ID)");
    }
    return new InstanceName(text.substring(0, slash), text.substring(slash + 1));
  }
}
