package io.zookit.spring.config;

import io.zookit.spring.ZookitStartException;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * A type that is bound to the configuration.
 *
 * @param type the type
 * @param prefix of its properties
 */
record LiveType(Class<?> type, String prefix) {

  /**
   * Reads the annotation of a type.
   *
   * @throws ZookitStartException if it has none, or cannot be bound
   */
  static LiveType of(Class<?> type) {
    LiveProperties annotation =
        AnnotatedElementUtils.findMergedAnnotation(type, LiveProperties.class);
    if (annotation == null) {
      throw new ZookitStartException(
          type.getName() + " has no @LiveProperties.",
          "Annotate it, or remove it from @EnableLiveProperties.");
    }
    if (type.isInterface() || type.isEnum()) {
      throw new ZookitStartException(
          type.getName() + " has @LiveProperties and cannot be bound.", "Make it a record.");
    }
    return new LiveType(type, annotation.prefix());
  }
}
