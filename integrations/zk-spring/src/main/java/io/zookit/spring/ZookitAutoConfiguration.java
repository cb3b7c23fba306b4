package io.zookit.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.zookit.config.ConfigStore;
import io.zookit.config.ConfigStoreBuilder;
import io.zookit.core.Meters;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.metrics.MicrometerMeters;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceRegistryBuilder;
import io.zookit.spring.internal.start.ConfigStores;
import io.zookit.spring.internal.start.Connections;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The client and what is created from it. Each bean is left out if the application has one of its type.
 *
 * <p><i>Cost:</i> one session for a root application context and its children, closed with it. The other beans hold
 * nothing and send nothing until they are used.
 */
@AutoConfiguration
@ConditionalOnProperty(prefix = "zookit", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(ZookitProperties.class)
public final class ZookitAutoConfiguration {

  /** Creates an auto-configuration. */
  public ZookitAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  ZookitConnectionDetails zookitConnectionDetails(ZookitProperties properties) {
    return properties::connect;
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  ZkClient zookitClient(
      ZookitProperties properties,
      ZookitConnectionDetails details,
      Meters meters,
      ObjectProvider<ZkClientCustomizer> customizers) {
    ZkClientBuilder builder = Connections.builder(properties, details.connectString());
    builder.meters(meters);
    customizers.orderedStream().forEach(each -> each.customize(builder));
    return Connections.connect(builder, details.connectString());
  }

  @Bean
  @ConditionalOnMissingBean
  ConfigStore zookitConfigStore(
      ZookitProperties properties,
      ZkClient client,
      ObjectProvider<ConfigStoreCustomizer> customizers) {
    ConfigStoreBuilder builder = ConfigStores.builder(properties, client);
    customizers.orderedStream().forEach(each -> each.customize(builder));
    return builder.build();
  }

  @Bean
  @ConditionalOnMissingBean
  ServiceRegistry zookitServiceRegistry(
      ZkClient client, ObjectProvider<ServiceRegistryCustomizer> customizers) {
    ServiceRegistryBuilder builder = ServiceRegistry.builder(client);
    customizers.orderedStream().forEach(each -> each.customize(builder));
    return builder.build();
  }

  @Bean
  @ConditionalOnMissingBean
  LockInspector zookitLockInspector(ZkClient client) {
    return LockInspector.in(client);
  }

  /** Measurements go to Micrometer, where the application has exactly one registry, or a primary one. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class MicrometerConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Meters zookitMeters(ObjectProvider<MeterRegistry> registries) {
      MeterRegistry registry = registries.getIfUnique();
      return registry == null ? Meters.none() : MicrometerMeters.to(registry);
    }
  }

  /** Without Micrometer measurements are dropped. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("io.micrometer.core.instrument.MeterRegistry")
  static class NoMetersConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Meters zookitNoMeters() {
      return Meters.none();
    }
  }
}
