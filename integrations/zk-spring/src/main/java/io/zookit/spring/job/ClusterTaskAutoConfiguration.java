package io.zookit.spring.job;

import io.micrometer.observation.ObservationRegistry;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.JobLedger;
import io.zookit.spring.ZookitAutoConfiguration;
import io.zookit.spring.internal.observe.ObservedCalls;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Jobs and elections by annotation. Without such a method nothing of the scheduler is started.
 */
@AutoConfiguration(after = ZookitAutoConfiguration.class)
@ConditionalOnBean(ZkClient.class)
public final class ClusterTaskAutoConfiguration {

  /** Creates an auto-configuration. */
  public ClusterTaskAutoConfiguration() {}

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static ClusterMethods zookitClusterMethods(Environment environment) {
    return new ClusterMethods(environment);
  }

  @Bean
  ClusterTasks zookitClusterTasks(
      ClusterMethods methods,
      ZkClient client,
      ObjectProvider<JobSchedulerCustomizer> customizers,
      ObjectProvider<ObservationRegistry> observations) {
    return new ClusterTasks(
        methods, client, customizers.orderedStream().toList(), ObservedCalls.of(observations));
  }

  @Bean
  @ConditionalOnMissingBean
  JobLedger zookitJobLedger(ZkClient client) {
    return JobLedger.in(client);
  }

  @Bean
  @ConditionalOnMissingBean
  JobTriggers zookitJobTriggers(
      JobLedger ledger, ObjectProvider<ObservationRegistry> observations) {
    return new JobTriggers(ledger, ObservedCalls.of(observations));
  }
}
