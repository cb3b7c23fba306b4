package io.zookit.spring.actuate;

import io.zookit.core.ZkClient;
import io.zookit.spring.ZookitAutoConfiguration;
import io.zookit.spring.config.ConfigImports;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoints, where they are exposed. */
@AutoConfiguration(after = ZookitAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
public final class ActuatorAutoConfiguration {

  /** Creates an auto-configuration. */
  public ActuatorAutoConfiguration() {}

  @Bean
  @ConditionalOnBean(ZkClient.class)
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint
  ZookitEndpoint zookitEndpoint(ZkClient client) {
    return new ZookitEndpoint(client);
  }

  @Bean
  @ConditionalOnBean(ConfigImports.class)
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint
  ZookitConfigEndpoint zookitConfigEndpoint(ConfigImports imports) {
    return new ZookitConfigEndpoint(imports);
  }
}
