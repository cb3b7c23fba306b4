package io.zookit.spring.config;

import io.micrometer.observation.ObservationRegistry;
import io.zookit.core.Meters;
import io.zookit.spring.ConfigStoreCustomizer;
import io.zookit.spring.ZkClientCustomizer;
import io.zookit.spring.ZookitAutoConfiguration;
import io.zookit.spring.ZookitConnectionDetails;
import io.zookit.spring.ZookitProperties;
import io.zookit.spring.ZookitStartException;
import io.zookit.spring.internal.observe.ObservedCalls;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Live objects for types with {@link LiveProperties}, and the rules for applications with {@code
 * spring.config.import=zookit:…}.
 */
@AutoConfiguration(after = ZookitAutoConfiguration.class)
public final class LiveConfigAutoConfiguration {

  private static final String[] VALIDATION = {
    "jakarta.validation.Validator", "org.hibernate.validator.HibernateValidator"
  };

  /** Creates an auto-configuration. */
  public LiveConfigAutoConfiguration() {}

  @Bean
  static LiveTypeScanner zookitLiveTypeScanner(Environment environment, ResourceLoader loader) {
    return new LiveTypeScanner(environment, loader);
  }

  @Bean(LiveBeans.CONFIGURATION)
  @ConditionalOnMissingBean
  LiveConfiguration zookitLiveConfiguration(
      ConfigurableEnvironment environment,
      DefaultListableBeanFactory beans,
      ObjectProvider<ConfigImports> imports,
      ApplicationEventPublisher publisher,
      ResourceLoader loader,
      ObjectProvider<ObservationRegistry> observations) {
    ConversionService given = environment.getConversionService();
    ConversionService conversion = beans.containsBean("conversionService")
        ? beans.getBean("conversionService", ConversionService.class)
        : given instanceof ApplicationConversionService
            ? given
            : ApplicationConversionService.getSharedInstance();
    LiveBinder binder = new LiveBinder(environment, conversion, validator(loader.getClassLoader()));
    return new LiveConfiguration(
        binder,
        LiveBeans.types(beans),
        imports.getIfAvailable(),
        publisher,
        ObservedCalls.of(observations));
  }

  private static @Nullable Validator validator(@Nullable ClassLoader loader) {
    for (String needed : VALIDATION) {
      if (!ClassUtils.isPresent(needed, loader)) {
        return null;
      }
    }
    LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();
    validator.afterPropertiesSet();
    return validator;
  }

  /** Refuses what an imported client, which exists before all beans, cannot obey. */
  @Bean
  SmartInitializingSingleton zookitImportCheck(
      ObjectProvider<ConfigImports> imports,
      ObjectProvider<ZookitConnectionDetails> details,
      ObjectProvider<ZookitProperties> properties,
      ObjectProvider<ZkClientCustomizer> clients,
      ObjectProvider<ConfigStoreCustomizer> stores,
      ObjectProvider<Meters> meters) {
    return () -> imports.ifAvailable(imported -> {
      String set = properties.getObject().connect();
      details.ifAvailable(each -> requireSame(imported.connectString(), set, each.connectString()));
      if (clients.stream().findAny().isPresent() || stores.stream().findAny().isPresent()) {
        throw new ZookitStartException(
            "spring.config.import=zookit:… creates the client and the store before any bean, so customizers that are"
                + " beans do not reach them.",
            "Register the ZkClientCustomizer in a BootstrapRegistryInitializer, or remove the import.");
      }
      meters.ifAvailable(imported::attach);
    });
  }

  /** Values of secrets are masked in the actuator's endpoints, whatever they are configured to show. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(SanitizingFunction.class)
  static class SecretConfiguration {

    @Bean
    SanitizingFunction zookitSecrets() {
      return data -> data.getPropertySource() instanceof SnapshotPropertySource source
              && source.isSecret(data.getKey())
          ? data.withValue(SanitizableData.SANITIZED_VALUE)
          : data;
    }
  }

  private static void requireSame(String imported, String set, String given) {
    if (!given.equals(imported) && !given.equals(set)) {
      throw new ZookitStartException(
          "The configuration was imported from " + imported
              + ", and a ZookitConnectionDetails names " + given + ".",
          "Set zookit.connect to the address of the container, or register the ZookitConnectionDetails in a"
              + " BootstrapRegistryInitializer, which the import asks.");
    }
  }
}
