package io.zookit.spring.cloud;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The beans of the context that Spring Cloud has for each service; never part of the application's own. */
@Configuration(proxyBeanMethods = false)
class LoadBalancerClientBeans {

  @Bean
  @ConditionalOnMissingBean
  ReactorLoadBalancer<ServiceInstance> zookitLoadBalancer(
      Environment environment, FollowedServices services) {
    return new PickingLoadBalancer(name(environment), services);
  }

  @Bean
  @ConditionalOnMissingBean
  ServiceInstanceListSupplier zookitInstanceListSupplier(
      Environment environment, FollowedServices services) {
    return new RotationListSupplier(name(environment), services);
  }

  @Bean
  PickFeedback zookitPickFeedback() {
    return new PickFeedback();
  }

  private static String name(Environment environment) {
    return environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME);
  }
}
