package io.zookit.spring.cloud;

import io.zookit.registry.ServiceRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;

/**
 * Spring Cloud's load balancer by the rules of the registry, where {@code spring-cloud-loadbalancer} is on the class path.
 */
@AutoConfiguration(after = CloudDiscoveryAutoConfiguration.class)
@ConditionalOnClass(LoadBalancerClientFactory.class)
@ConditionalOnBean({ServiceRegistry.class, FollowedServices.class})
@LoadBalancerClients(defaultConfiguration = LoadBalancerClientBeans.class)
public final class CloudLoadBalancerAutoConfiguration {

  /** Creates an auto-configuration. */
  public CloudLoadBalancerAutoConfiguration() {}
}
