package io.zookit.admin.config;

import io.zookit.config.Namespace;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A namespace as it is typed. */
final class NamespaceWords implements ITypeConverter<Namespace> {

  @Override
  public Namespace convert(String text) {
    try {
      return Namespace.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
