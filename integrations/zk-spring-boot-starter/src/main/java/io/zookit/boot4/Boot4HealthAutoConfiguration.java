package io.zookit.boot4;

import io.zookit.core.ZkClient;
import io.zookit.spring.ZookitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health indicator {@code zookit}. It is in no group of probes unless the application adds it. */
@AutoConfiguration(after = ZookitAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(ZkClient.class)
@ConditionalOnEnabledHealthIndicator("zookit")
public final class Boot4HealthAutoConfiguration {

  /** Creates an auto-configuration. */
  public Boot4HealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "zookitHealthIndicator")
  HealthIndicator zookitHealthIndicator(ZkClient client) {
    return new Boot4HealthIndicator(client);
  }
}
