package io.zookit.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.zookeeper.client.HostProvider;
import org.junit.jupiter.api.Test;

/** Which server is tried next. */
class ServerOrderTest {

  private static final long PAUSE = 1000;

  private final Clock clock = new Clock();
  private final ServerOrder order = new ServerOrder(clock, 0);
  private final Library library = new Library();
  private final HostProvider servers = order.over(library);

  @Test
  void next_serversThatAnswered_comeFirstInTheirOrder() {
    order.learn(List.of(server(2), server(1)));
    assertThat(tries(2)).containsExactly(server(2), server(1));
    assertThat(library.pauses).isEmpty();
  }

  @Test
  void next_allRefuseAtOnce_libraryHasItsTurnWithItsPauseAndTheyAreTriedAgain() {
    order.learn(List.of(server(2), server(1)));
    assertThat(tries(6))
        .containsExactly(server(2), server(1), server(90), server(2), server(1), server(91));
    assertThat(library.pauses).containsExactly(PAUSE, PAUSE);
  }

  @Test
  void next_serverThatSaidNothing_isLeftToTheLibrary() {
    order.learn(List.of(server(2), server(1)));
    tries(1);
    clock.now += Duration.ofSeconds(5).toNanos();
    assertThat(tries(4)).containsExactly(server(1), server(90), server(1), server(91));
    assertThat(order.answering()).containsExactly(server(1));
  }

  @Test
  void next_afterAConnection_theOthersComeBeforeTheOneThatWasLost() {
    order.learn(List.of(server(2), server(1)));
    tries(1);
    servers.onConnected();
    assertThat(tries(2)).containsExactly(server(1), server(2));
  }

  @Test
  void next_serverOfTheLibraryGaveASession_isKnownToTheNextHandle() {
    order.learn(List.of());
    assertThat(tries(1)).containsExactly(server(90));
    servers.onConnected();
    clock.now += Duration.ofMinutes(5).toNanos();
    assertThat(order.over(new Library()).next(PAUSE)).isEqualTo(server(90));
  }

  @Test
  void updateServerList_serverThatIsNoMore_isForgotten() {
    order.learn(List.of(server(2), server(1)));
    tries(1);
    Collection<InetSocketAddress> left =
        List.of(InetSocketAddress.createUnresolved("server1", 2181));
    assertThat(servers.updateServerList(left, server(2))).isTrue();
    assertThat(tries(2)).containsExactly(server(90), server(1));
  }

  @Test
  void next_nothingLearnedInTime_isTheLibrarys() {
    assertThat(tries(1)).containsExactly(server(90));
    assertThat(servers.size()).isEqualTo(3);
  }

  private List<InetSocketAddress> tries(int count) {
    List<InetSocketAddress> tried = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tried.add(servers.next(PAUSE));
    }
    return tried;
  }

  private static InetSocketAddress server(int number) {
    try {
      byte[] address = {10, 0, 0, (byte) number};
      return new InetSocketAddress(InetAddress.getByAddress("server" + number, address), 2181);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Provides addresses of its own, so that its turns can be recognized. */
  private static final class Library implements HostProvider {

    private final List<Long> pauses = new ArrayList<>();

    @Override
    public int size() {
      return 3;
    }

    @Override
    public InetSocketAddress next(long spinDelay) {
      pauses.add(spinDelay);
      return server(89 + pauses.size());
    }

    @Override
    public void onConnected() {}

    @Override
    public boolean updateServerList(
        Collection<InetSocketAddress> servers, InetSocketAddress current) {
      return true;
    }
  }

  private static final class Clock implements Timekeeper {

    private long now;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public Subscription after(Duration delay, Runnable task) {
      throw new AssertionError("not needed here");
    }
  }
}
