package io.zookit.admin.config;

import io.zookit.config.gray.Audience;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An audience as it is typed. */
final class AudienceWords implements ITypeConverter<Audience> {

  @Override
  public Audience convert(String text) {
    try {
      return Audience.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
