package io.zookit.spring.registration;

import io.zookit.registry.ServiceRegistry;
import io.zookit.spring.ZookitAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The registration of the application. */
@AutoConfiguration(after = ZookitAutoConfiguration.class)
@ConditionalOnBean(ServiceRegistry.class)
@ConditionalOnProperty(prefix = "zookit.registration", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(RegistrationProperties.class)
public final class RegistrationAutoConfiguration {

  /** Creates an auto-configuration. */
  public RegistrationAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  ApplicationRegistration zookitRegistration(
      ServiceRegistry registry,
      RegistrationProperties properties,
      Environment environment,
      ObjectProvider<ServiceInstanceCustomizer> customizers) {
    return new ApplicationRegistration(
        registry, properties, environment, customizers.orderedStream().toList());
  }
}
