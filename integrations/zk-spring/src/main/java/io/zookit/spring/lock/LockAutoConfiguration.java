package io.zookit.spring.lock;

import io.micrometer.observation.ObservationRegistry;
import io.zookit.core.ZkClient;
import io.zookit.core.fence.JdbcFence;
import io.zookit.spring.ZookitAutoConfiguration;
import io.zookit.spring.ZookitProperties;
import io.zookit.spring.internal.observe.ObservedCalls;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Locks by annotation, and {@link LockTemplate}.
 *
 * <p>With {@code zookit.enabled=false} a call of a locked method fails: none runs without its lock.
 */
@AutoConfiguration(after = ZookitAutoConfiguration.class)
@EnableConfigurationProperties(ZookitProperties.class)
public final class LockAutoConfiguration {

  /** Creates an auto-configuration. */
  public LockAutoConfiguration() {}

  @Bean
  @ConditionalOnBean(ZkClient.class)
  @ConditionalOnMissingBean
  LockTemplate zookitLockTemplate(ZkClient client) {
    return new LockTemplate(client);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static LockedMethods zookitLockedMethods() {
    return new LockedMethods();
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static LockPostProcessor zookitLockPostProcessor(
      LockedMethods methods,
      ObjectProvider<ZkClient> client,
      ObjectProvider<ObservationRegistry> observations) {
    LockInterceptor interceptor =
        new LockInterceptor(methods, client::getObject, ObservedCalls.of(observations));
    return new LockPostProcessor(interceptor, methods::has, true);
  }

  @Bean
  SmartInitializingSingleton zookitLockCheck(
      LockedMethods methods, DefaultListableBeanFactory beans) {
    return () -> {
      for (String name : beans.getBeanDefinitionNames()) {
        Object bean = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
        if (bean != null) {
          methods.requireAdvised(name, bean);
        }
      }
    };
  }

  /** Fences, where the application has JDBC. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({DataSource.class, DataSourceUtils.class})
  static class FenceConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockPostProcessor zookitFencePostProcessor(
        LockedMethods methods, BeanFactory beans, ObjectProvider<ZookitProperties> properties) {
      FenceInterceptor interceptor = new FenceInterceptor(
          methods, name -> dataSource(beans, name), () -> fence(properties.getObject()));
      return new LockPostProcessor(interceptor, methods::hasFence, false);
    }

    /** Creates the table of marks, if a bean has fenced methods. */
    @Bean
    SmartInitializingSingleton zookitFenceTable(
        LockedMethods methods, DefaultListableBeanFactory beans, ZookitProperties properties) {
      return () -> {
        if (properties.fence().createTable()) {
          for (String name : methods.dataSources()) {
            createTable(dataSource(beans, name), fence(properties));
          }
        }
      };
    }

    private static JdbcFence fence(ZookitProperties properties) {
      return JdbcFence.table(properties.fence().table());
    }

    private static DataSource dataSource(BeanFactory beans, String name) {
      return name.isEmpty()
          ? beans.getBean(DataSource.class)
          : beans.getBean(name, DataSource.class);
    }

    private static void createTable(DataSource dataSource, JdbcFence fence) {
      try (Connection connection = dataSource.getConnection()) {
        fence.createTable(connection);
      } catch (SQLException e) {
        throw new io.zookit.spring.ZookitStartException(
            "The table of fences cannot be created: " + e.getMessage() + ".",
            "Create it in a migration (the statement is that of JdbcFence.createTable), and set"
                + " zookit.fence.create-table=false.",
            e);
      }
    }
  }
}
