package io.zookit.core.internal.codec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Sets the name under which a record component or an enum constant is stored.
 *
 * <p>{@link RecordCodec} and {@link StoredNames} take names from this annotation only, so renaming a component or a constant
 * in Java does not change what is stored. The stored name is part of the format: it is never changed, and never used again
 * for another meaning. Reordering components does change the bytes, as fields are written in the order of the components.
 *
 * <p>Every component of a stored record, of the records inside it, and every constant of their enums has this annotation;
 * a codec of a type that lacks one cannot be created.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Stored {

  /** The name: a letter, then letters, digits, {@code _} and {@code -}; at most 64 characters. */
  String value();
}
