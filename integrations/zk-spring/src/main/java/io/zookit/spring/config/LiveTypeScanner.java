package io.zookit.spring.config;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** Defines the beans of the types with {@link LiveProperties} in the packages that Spring Boot scans. */
final class LiveTypeScanner implements BeanDefinitionRegistryPostProcessor {

  private final Environment environment;
  private final ResourceLoader loader;

  LiveTypeScanner(Environment environment, ResourceLoader loader) {
    this.environment = environment;
    this.loader = loader;
  }

  @Override
  public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
    if (!(registry instanceof BeanFactory beans) || !AutoConfigurationPackages.has(beans)) {
      return;
    }
    ClassPathScanningCandidateComponentProvider scanner =
        new ClassPathScanningCandidateComponentProvider(false, environment);
    scanner.setResourceLoader(loader);
    scanner.addIncludeFilter(new AnnotationTypeFilter(LiveProperties.class, true, true));
    for (String scanned : AutoConfigurationPackages.get(beans)) {
      scanner
          .findCandidateComponents(scanned)
          .forEach(found -> LiveBeans.define(
              registry,
              ClassUtils.resolveClassName(
                  String.valueOf(found.getBeanClassName()), loader.getClassLoader())));
    }
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    // The definitions are complete.
  }
}
