package io.zookit.spring.cloud;

import io.zookit.registry.ServiceRegistry;
import io.zookit.spring.ZookitAutoConfiguration;
import io.zookit.spring.ZookitProperties;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Spring Cloud's discovery clients over the registry, where {@code spring-cloud-commons} is on the class path.
 *
 * <p><i>Cost:</i> nothing until the first request for a service.
 */
@AutoConfiguration(
    after = ZookitAutoConfiguration.class,
    beforeName = {
      "org.springframework.cloud.client.CommonsClientAutoConfiguration",
      "org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration"
    })
@ConditionalOnClass(DiscoveryClient.class)
@ConditionalOnBean(ServiceRegistry.class)
@ConditionalOnDiscoveryEnabled
public final class CloudDiscoveryAutoConfiguration {

  private static final Duration STANDARD_WAIT = Duration.ofSeconds(10);

  /** Creates an auto-configuration. */
  public CloudDiscoveryAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  FollowedServices zookitFollowedServices(
      ServiceRegistry registry, ZookitProperties properties, ApplicationEventPublisher publisher) {
    Duration wait =
        properties.connectTimeout() == null ? STANDARD_WAIT : properties.connectTimeout();
    return new FollowedServices(registry, wait, publisher);
  }

  /** The client for callers that may wait. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBlockingDiscoveryEnabled
  static class BlockingConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RegistryDiscoveryClient zookitDiscoveryClient(FollowedServices services) {
      return new RegistryDiscoveryClient(services);
    }
  }

  /** The client for callers that may not. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "reactor.core.publisher.Flux")
  @ConditionalOnReactiveDiscoveryEnabled
  static class ReactiveConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RegistryReactiveDiscoveryClient zookitReactiveDiscoveryClient(FollowedServices services) {
      return new RegistryReactiveDiscoveryClient(services);
    }
  }
}
