package io.zookit.spring.config;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;

/** Definitions of the {@link LiveConfig} beans, one for each type. */
final class LiveBeans {

  static final String CONFIGURATION = "zookitLiveConfiguration";

  private static final String TYPE = "io.zookit.spring.config.type";

  private LiveBeans() {}

  /** Defines the bean of a type, unless it is defined. */
  static void define(BeanDefinitionRegistry registry, Class<?> type) {
    String name = "zookitLive." + type.getName();
    if (registry.containsBeanDefinition(name)) {
      return;
    }
    LiveType live = LiveType.of(type);
    RootBeanDefinition definition = new RootBeanDefinition(FollowedConfig.class);
    definition.setTargetType(
        ResolvableType.forClassWithGenerics(FollowedConfig.class, live.type()));
    ConstructorArgumentValues arguments = definition.getConstructorArgumentValues();
    arguments.addIndexedArgumentValue(0, new RuntimeBeanReference(CONFIGURATION));
    arguments.addIndexedArgumentValue(1, live.type());
    definition.setAttribute(TYPE, live);
    definition.setRole(BeanDefinition.ROLE_APPLICATION);
    registry.registerBeanDefinition(name, definition);
  }

  /** The types whose beans are defined. */
  static java.util.List<LiveType> types(BeanDefinitionRegistry registry) {
    return java.util.Arrays.stream(registry.getBeanDefinitionNames())
        .map(name -> registry.getBeanDefinition(name).getAttribute(TYPE))
        .filter(LiveType.class::isInstance)
        .map(LiveType.class::cast)
        .toList();
  }

  /**
   * A type's view of the generation in force.
   *
   * @param configuration the reader of releases
   * @param type the type
   */
  record FollowedConfig<T>(LiveConfiguration configuration, Class<T> type)
      implements LiveConfig<T> {

    @Override
    public T get() {
      return generation().get(type);
    }

    @Override
    public LiveGeneration generation() {
      return configuration.current();
    }

    @Override
    public String toString() {
      return "LiveConfig of " + type.getName();
    }
  }
}
