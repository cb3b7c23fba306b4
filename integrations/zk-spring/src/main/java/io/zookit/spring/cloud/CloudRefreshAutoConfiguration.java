package io.zookit.spring.cloud;

import io.zookit.config.format.KeyChange;
import io.zookit.core.ZkClient;
import io.zookit.spring.ZookitAutoConfiguration;
import io.zookit.spring.config.ConfigChangedEvent;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;

/**
 * Beans of Spring Cloud that follow releases, where {@code spring-cloud-context} is on the class path.
 *
 * <p>Beans of the refresh scope are created again, if the release changes what they read: {@code zookit.cloud.refresh-scope},
 * on unless set. Mutable {@code ConfigurationProperties} are bound again in place with {@code zookit.cloud.rebind=true}: a
 * reader can then see parts of two releases, and defaults in between. A {@link io.zookit.spring.config.LiveConfig} never
 * does either.
 */
@AutoConfiguration(
    after = ZookitAutoConfiguration.class,
    afterName = "org.springframework.cloud.autoconfigure.RefreshAutoConfiguration")
@ConditionalOnClass(RefreshScope.class)
@ConditionalOnBean(ZkClient.class)
public final class CloudRefreshAutoConfiguration {

  /** Creates an auto-configuration. */
  public CloudRefreshAutoConfiguration() {}

  @Bean
  @ConditionalOnBean(RefreshScope.class)
  @ConditionalOnProperty(
      prefix = "zookit.cloud",
      name = "refresh-scope",
      havingValue = "true",
      matchIfMissing = true)
  static ChangedBeans zookitChangedBeans(
      ConfigurableListableBeanFactory beans, RefreshScope scope) {
    return new ChangedBeans(beans, scope);
  }

  @Bean
  @ConditionalOnProperty(prefix = "zookit.cloud", name = "rebind", havingValue = "true")
  static RebindListener zookitRebindListener(ApplicationContext context) {
    return event -> {
      Set<String> keys = event.getPayload().changes().values().stream()
          .flatMap(java.util.List::stream)
          .map(KeyChange::key)
          .collect(Collectors.toSet());
      context.publishEvent(new EnvironmentChangeEvent(context, keys));
    };
  }

  /** Tells Spring Cloud which properties have changed. */
  @FunctionalInterface
  interface RebindListener
      extends ApplicationListener<PayloadApplicationEvent<ConfigChangedEvent>> {}
}
