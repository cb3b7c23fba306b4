package io.zookit.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException;
import io.zookit.spring.TestApplication;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

@Tag("full")
class LockedIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final String root = zooKeeper.freshRoot();
  private ConfigurableApplicationContext context;
  private ZkClient other;

  @TestApplication
  static class Shop {

    @Bean
    Stock stock() {
      return new Stock();
    }
  }

  static class Stock {
    final AtomicInteger calls = new AtomicInteger();
    final CompletableFuture<String> later = new CompletableFuture<>();

    public int calls() {
      return calls.get();
    }

    @Locked(value = "stock/#{#sku}", timeout = "100ms")
    public FencingToken reserve(String sku, @Nullable FencingToken token) {
      calls.incrementAndGet();
      return java.util.Objects.requireNonNull(token);
    }

    @Locked(value = "stock/#{#sku}", onBusy = OnBusy.SKIP)
    public Optional<String> find(String sku) {
      return Optional.of(sku);
    }

    @Locked(value = "stock/#{#sku}", onBusy = OnBusy.SKIP, timeout = "100ms")
    public @Nullable String await(String sku) {
      return sku;
    }

    @Locked("stock/#{#sku}")
    public CompletableFuture<String> later(String sku) {
      return later;
    }

    @Locked("stock/#{#sku}")
    public void fail(String sku) {
      throw new IllegalArgumentException(sku);
    }
  }

  @BeforeEach
  void start() {
    other = ZkClient.builder(zooKeeper.connectString()).root(root).connect();
    context = new SpringApplicationBuilder(Shop.class)
        .web(WebApplicationType.NONE)
        .properties(
            "zookit.connect=" + zooKeeper.connectString(),
            "zookit.root=" + root,
            "spring.main.banner-mode=off")
        .run();
  }

  @AfterEach
  void close() {
    context.close();
    other.close();
  }

  private Stock stock() {
    return context.getBean(Stock.class);
  }

  private DistributedLock lock(String name) {
    return DistributedLock.named(name, other);
  }

  @Test
  void call_free_runsWithItsToken() throws Exception {
    FencingToken first = stock().reserve("a", null);
    assertThat(stock().reserve("a", null).isAfter(first)).isTrue();
    assertThat(stock().find("a")).contains("a");
    try (Lease lease = lock("stock/a").acquire(Duration.ofMinutes(1))) {
      assertThat(lease.token().isAfter(first)).isTrue();
    }
  }

  @Test
  void call_busy_throwsOrSkips() throws Exception {
    try (Lease lease = lock("stock/a").acquire()) {
      assertThat(lease.isValid()).isTrue();
      assertThatThrownBy(() -> stock().reserve("a", null)).isInstanceOf(LockTimeoutException.class);
      assertThat(stock().find("a")).isEmpty();
      assertThat(stock().await("a")).isNull();
      assertThat(stock().find("b")).contains("b");
    }
    assertThat(stock().calls()).isZero();
  }

  @Test
  void call_thatFails_releases() throws Exception {
    assertThatThrownBy(() -> stock().fail("a")).isInstanceOf(IllegalArgumentException.class);
    lock("stock/a").acquire(Duration.ofMinutes(1)).close();
  }

  @Test
  void call_thatIsCompletedLater_holdsTheLockUntilThen() throws Exception {
    CompletableFuture<String> result = stock().later("a");
    assertThat(lock("stock/a").tryAcquire()).isEmpty();

    Stock target =
        (Stock) org.springframework.test.util.AopTestUtils.getUltimateTargetObject(stock());
    target.later.completeExceptionally(new IllegalStateException("late"));

    assertThatThrownBy(result::join).isInstanceOf(CompletionException.class);
    await().until(() -> {
      Optional<Lease> free = lock("stock/a").tryAcquire();
      free.ifPresent(Lease::close);
      return free.isPresent();
    });
  }

  @Test
  void template_busyOrFree_callsOnlyUnderTheLock() throws Exception {
    LockTemplate template = context.getBean(LockTemplate.class);
    boolean held = template.call(
        "stock/a", Duration.ofSeconds(30), lease -> template(template).isEmpty());
    assertThat(held).isTrue();
    assertThat(template(template)).contains("free");
  }

  private static Optional<String> template(LockTemplate template) {
    try {
      return template.callIfFree("stock/a", lease -> "free");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
