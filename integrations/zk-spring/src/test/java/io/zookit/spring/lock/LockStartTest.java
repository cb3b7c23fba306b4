package io.zookit.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.spring.ZookitAutoConfiguration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.scheduling.annotation.Async;

/** Methods that would run without their lock, and stop the start. */
@Tag("full")
class LockStartTest {

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(
          AutoConfigurations.of(ZookitAutoConfiguration.class, LockAutoConfiguration.class))
      .withBean(ZkClient.class, () -> ZkClient.builder("localhost:1").start());

  static class Sound {
    @Locked("stock/#{#sku}")
    void reserve(String sku) {}

    @Locked(value = "stock/#{#p0.length()}/#{#root.zone()}", onBusy = OnBusy.SKIP, timeout = "5s")
    Optional<String> find(String sku) {
      return Optional.of(sku);
    }

    String zone() {
      return "a";
    }
  }

  static class FinalMethod {
    @Locked("stock")
    final void reserve() {}
  }

  static class PrivateMethod {
    @Locked("stock")
    @SuppressWarnings("UnusedMethod")
    private void reserve() {}
  }

  static class StaticMethod {
    @Locked("stock")
    static void reserve() {}
  }

  static final class FinalClass {
    @Locked("stock")
    void reserve() {}
  }

  static class Asynchronous {
    @Async
    @Locked("stock")
    CompletableFuture<String> reserve() {
      return new CompletableFuture<>();
    }
  }

  static class Malformed {
    @Locked("stock/#{#sku")
    void reserve(String sku) {}
  }

  static class UnknownVariable {
    @Locked("stock/#{#skuu}")
    void reserve(String sku) {}
  }

  static class BadTimeout {
    @Locked(value = "stock", timeout = "soon")
    void reserve() {}
  }

  static class PrimitiveSkip {
    @Locked(value = "stock", onBusy = OnBusy.SKIP)
    int reserve() {
      return 1;
    }
  }

  static class Both {
    @Locked("stock")
    @FencedLock("stock")
    void reserve() {}
  }

  static class FencedWithoutTransaction {
    @FencedLock("stock")
    void reserve() {}
  }

  private <T> String refusal(Class<T> type) {
    StringBuilder text = new StringBuilder();
    runner.withBean(type).run(context -> {
      Throwable failure = context.getStartupFailure();
      for (; failure != null; failure = failure.getCause()) {
        text.append(failure.getMessage()).append('\n');
      }
    });
    return text.toString();
  }

  @Test
  void start_soundMethods_isProxied() {
    runner.withBean(Sound.class).run(context -> {
      assertThat(context).hasNotFailed().hasSingleBean(LockTemplate.class);
      assertThat(org.springframework.aop.support.AopUtils.isAopProxy(context.getBean(Sound.class)))
          .isTrue();
    });
  }

  @Test
  void start_methodThatCannotBeProxied_isRefused() {
    String overridable = "Make it and its class overridable, or use LockTemplate";
    assertThat(refusal(FinalMethod.class)).contains("FinalMethod.reserve", overridable);
    assertThat(refusal(PrivateMethod.class)).contains("PrivateMethod.reserve", overridable);
    assertThat(refusal(StaticMethod.class)).contains("StaticMethod.reserve", overridable);
    assertThat(refusal(FinalClass.class)).contains("FinalClass.reserve", overridable);
  }

  @Test
  void start_asynchronousMethod_isRefused() {
    assertThat(refusal(Asynchronous.class)).contains("@Async", "another bean");
  }

  @Test
  void start_nameThatCannotBeEvaluated_isRefused() {
    assertThat(refusal(Malformed.class)).contains("not a valid template", "Write expressions");
    assertThat(refusal(UnknownVariable.class)).contains("#skuu", "[sku]", "-parameters");
  }

  @Test
  void start_contradictions_areRefused() {
    assertThat(refusal(BadTimeout.class)).contains("timeout=\"soon\"", "such as 5s");
    assertThat(refusal(PrimitiveSkip.class)).contains("onBusy=SKIP and returns int");
    assertThat(refusal(Both.class)).contains("Keep one");
    assertThat(refusal(FencedWithoutTransaction.class)).contains("Add @Transactional");
  }

  @Configuration(proxyBeanMethods = false)
  static class TooEarly {

    @Bean
    static EarlyProcessor needsIt(Sound sound) {
      return new EarlyProcessor(sound);
    }
  }

  record EarlyProcessor(Sound sound) implements BeanPostProcessor, PriorityOrdered {

    @Override
    public int getOrder() {
      return Ordered.LOWEST_PRECEDENCE;
    }
  }

  @Test
  void start_beanThatIsCreatedTooEarly_isRefused() {
    runner
        .withBean(Sound.class)
        .withUserConfiguration(TooEarly.class)
        .run(context -> assertThat(context)
            .getFailure()
            .hasMessageContaining("is not proxied")
            .hasMessageContaining("Do not use it in a BeanPostProcessor"));
  }

  @Test
  void call_disabled_failsInsteadOfRunningUnlocked() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(ZookitAutoConfiguration.class, LockAutoConfiguration.class))
        .withPropertyValues("zookit.enabled=false")
        .withBean(Sound.class)
        .run(context -> org.assertj.core.api.Assertions.assertThatThrownBy(
                () -> context.getBean(Sound.class).reserve("a"))
            .isInstanceOf(NoSuchBeanDefinitionException.class));
  }
}
