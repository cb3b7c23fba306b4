package io.zookit.spring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * An application with everything that Spring Boot configures, but for a data source and Spring Cloud, which only some tests
 * have.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootConfiguration
@EnableAutoConfiguration(
    excludeName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration",
      "org.springframework.cloud.autoconfigure.LifecycleMvcEndpointAutoConfiguration",
      "org.springframework.cloud.autoconfigure.RefreshAutoConfiguration",
      "org.springframework.cloud.autoconfigure.RefreshEndpointAutoConfiguration",
      "org.springframework.cloud.autoconfigure.WritableEnvironmentEndpointAutoConfiguration",
      "org.springframework.cloud.client.CommonsClientAutoConfiguration",
      "org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration",
      "org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration",
      "org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration",
      "org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration",
      "org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration",
      "org.springframework.cloud.client.hypermedia.CloudHypermediaAutoConfiguration",
      "org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration",
      "org.springframework.cloud.client.loadbalancer.LoadBalancerDefaultMappingsProviderAutoConfiguration",
      "org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerBeanPostProcessorAutoConfiguration",
      "org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerClientAutoConfiguration",
      "org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationAutoConfiguration",
      "org.springframework.cloud.client.serviceregistry.ServiceRegistryAutoConfiguration",
      "org.springframework.cloud.commons.config.CommonsConfigAutoConfiguration",
      "org.springframework.cloud.commons.security.ResourceServerTokenRelayAutoConfiguration",
      "org.springframework.cloud.commons.util.UtilAutoConfiguration",
      "org.springframework.cloud.configuration.CompatibilityVerifierAutoConfiguration",
      "org.springframework.cloud.loadbalancer.config.BlockingLoadBalancerClientAutoConfiguration",
      "org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration",
      "org.springframework.cloud.loadbalancer.config.LoadBalancerCacheAutoConfiguration",
      "org.springframework.cloud.loadbalancer.config.LoadBalancerStatsAutoConfiguration",
      "org.springframework.cloud.loadbalancer.security.OAuth2LoadBalancerClientAutoConfiguration"
    })
public @interface TestApplication {}
