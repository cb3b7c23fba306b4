package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.gray.Instance;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Votes of an instance whose connection breaks. */
class VoteFaultsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();
  private final FaultProxy proxy = world.proxy();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  @Tag("full")
  void publishVerified_whileAVoterCannotReadTheCandidate_waitsForItsVote() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    startVoter();
    Fault lost = proxy.cutAfter(Op.GET_DATA, 2); // the head is the first

    assertThat(store.publishVerified(LIMITS, numbers(2), LONG, ANA).number()).isEqualTo(2);

    assertThat(lost.landed()).isTrue();
  }

  @Test
  void publishVerified_whileAVoterCannotReadAPiece_waitsForItsVote() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    startVoter();
    Fault lost = proxy.cutAfter(Op.GET_DATA, 4); // the head, then the candidate twice
    Content large = Content.text(PublishIT.noise(7, 700_000));

    assertThat(store.publishVerified(LIMITS, large, LONG, ANA).number()).isEqualTo(2);

    assertThat(lost.landed()).isTrue();
  }

  private void startVoter() throws Exception {
    ConfigStore voter = ConfigStore.builder(
            world.client(proxy.connectString(), Duration.ofSeconds(30)))
        .instance(Instance.named("voter"))
        .build();
    voter.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> store.instances(LIMITS).size() == 1);
  }
}
