package io.zookit.spring.config;

import java.util.Map;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/** Defines the beans of the types that {@link EnableLiveProperties} names. */
final class LiveTypeRegistrar implements ImportBeanDefinitionRegistrar {

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    Map<String, Object> attributes =
        importing.getAnnotationAttributes(EnableLiveProperties.class.getName());
    if (attributes != null && attributes.get("value") instanceof Class<?>[] types) {
      for (Class<?> type : types) {
        LiveBeans.define(registry, type);
      }
    }
  }
}
