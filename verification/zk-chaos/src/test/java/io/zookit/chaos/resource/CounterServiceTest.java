package io.zookit.chaos.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class CounterServiceTest {

  private static final FencingToken OLD = new FencingToken(1, 10, 0);
  private static final FencingToken NEW = new FencingToken(1, 20, 0);

  private CounterService service;
  private CounterClient ana;
  private CounterClient ben;

  @BeforeEach
  void open() throws IOException {
    service = CounterService.start();
    ana = new CounterClient("ana", service.port());
    ben = new CounterClient("ben", service.port());
  }

  @AfterEach
  void close() throws IOException {
    ana.close();
    ben.close();
    service.close();
  }

  @Test
  void write_afterANewerReader_isRefusedAndOnlyTheControlLoses() throws IOException {
    CounterClient.Counters before = ana.read(OLD);
    CounterClient.Counters meanwhile = ben.read(NEW);
    assertThat(ben.write(NEW, meanwhile.value().orElseThrow() + 1, meanwhile.control() + 1))
        .isTrue();
    assertThat(ana.write(OLD, before.value().orElseThrow() + 1, before.control() + 1))
        .isFalse();
    assertThat(service.value()).isEqualTo(1);
    assertThat(service.accepted()).isEqualTo(1);
    assertThat(service.refused()).isEqualTo(1);
    assertThat(service.controlLost()).isEqualTo(1);
  }

  @Test
  void read_withAnOldToken_isRefused() throws IOException {
    ben.read(NEW);
    assertThat(ana.read(OLD).value()).isEmpty();
    assertThat(service.refused()).isEqualTo(1);
  }

  @Test
  void trap_nextReader_isToldOnceAndBeforeItsAnswer() throws IOException {
    List<String> caught = Collections.synchronizedList(new ArrayList<>());
    service.trapNextReader(caught::add);
    ana.read(OLD);
    assertThat(caught).containsExactly("ana");
    ben.read(NEW);
    assertThat(caught).containsExactly("ana");
    assertThat(service.disarm()).isFalse();
    service.trapNextReader(caught::add);
    assertThat(service.disarm()).isTrue();
  }
}
