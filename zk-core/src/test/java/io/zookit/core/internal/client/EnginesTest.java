package io.zookit.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engines of a client that never connects. */
@Timeout(240)
class EnginesTest {

  private final CoreClient client =
      CoreClient.of(ZkClient.builder("127.0.0.1:1").label("engines").start());
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    client.close();
    pool.shutdownNow();
  }

  @Test
  void engine_askedTwice_isMadeAndStartedOnce() {
    One first = client.engine(One.class, One::new);
    assertThat(client.engine(One.class, One::new)).isSameAs(first);
    assertThat(told).containsExactly("start One");
    assertThat(first.of).isSameAs(client);
  }

  @Test
  void engine_twoKinds_areClosedLastMadeFirstAndOnce() {
    client.engine(One.class, One::new);
    client.engine(Two.class, Two::new);
    client.close();
    client.close();
    assertThat(told).containsExactly("start One", "start Two", "close Two", "close One");
  }

  @Test
  void engine_racingThreads_getTheSameOne() throws Exception {
    AtomicInteger made = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Future<One>> asked = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      asked.add(pool.submit(() -> {
        go.await();
        return client.engine(One.class, of -> {
          made.incrementAndGet();
          return new One(of);
        });
      }));
    }
    go.countDown();
    One first = asked.get(0).get(30, TimeUnit.SECONDS);
    for (Future<One> each : asked) {
      assertThat(each.get(30, TimeUnit.SECONDS)).isSameAs(first);
    }
    assertThat(made.get()).isPositive();
    assertThat(told).containsExactly("start One");
  }

  @Test
  void engine_madeByTheMakerOfAnother_isClosedAfterIt() {
    client.engine(Two.class, of -> {
      of.engine(One.class, One::new);
      return new Two(of);
    });
    client.close();
    assertThat(told).containsExactly("start One", "start Two", "close Two", "close One");
  }

  @Test
  void engine_newKindAfterClose_isRefused() {
    One known = client.engine(One.class, One::new);
    client.close();
    assertThatThrownBy(() -> client.engine(Two.class, Two::new))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("ZkClient[engines/zookit]: is closed");
    assertThat(client.engine(One.class, One::new)).isSameAs(known);
    assertThat(told).containsExactly("start One", "close One");
  }

  @Test
  void engine_clientClosedWhileItStarts_isClosedAfterItsStart() throws Exception {
    CountDownLatch starting = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Future<Slow> asked =
        pool.submit(() -> client.engine(Slow.class, of -> new Slow(starting, closed)));
    starting.await();
    client.close();
    closed.countDown();
    asked.get(30, TimeUnit.SECONDS);
    assertThat(told).containsExactly("start Slow", "close Slow");
  }

  @Test
  void engine_oneFailsToClose_othersAreClosed() {
    client.engine(One.class, One::new);
    client.engine(Failing.class, of -> new Failing());
    client.close();
    assertThat(told).containsExactly("start One", "close One");
  }

  private class One implements Engine {
    final CoreClient of;

    One(CoreClient of) {
      this.of = of;
    }

    @Override
    public void start() {
      told.add("start One");
    }

    @Override
    public void close() {
      told.add("close One");
    }
  }

  private class Two implements Engine {
    Two(CoreClient of) {
      assertThat(of).isSameAs(client);
    }

    @Override
    public void start() {
      told.add("start Two");
    }

    @Override
    public void close() {
      told.add("close Two");
    }
  }

  private class Slow implements Engine {
    private final CountDownLatch starting;
    private final CountDownLatch mayGoOn;

    Slow(CountDownLatch starting, CountDownLatch mayGoOn) {
      this.starting = starting;
      this.mayGoOn = mayGoOn;
    }

    @Override
    public void start() {
      starting.countDown();
      try {
        mayGoOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      told.add("start Slow");
    }

    @Override
    public void close() {
      told.add("close Slow");
    }
  }

  private static final class Failing implements Engine {

    @Override
    public void start() {}

    @Override
    public void close() {
      throw new IllegalStateException("on purpose");
    }
  }
}
