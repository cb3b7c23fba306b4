package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Lists cost the same number of round trips, however long they are; counted by the requests that ZooKeeper gets. */
@Tag("full")
class ReadCostIT {

  private static final String NS = " prod/checkout/limits ";

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private FaultProxy proxy = FaultProxy.to("127.0.0.1:1");
  private ConfigWorld world = new ConfigWorld("", "", Path.of(""));

  @BeforeEach
  void open() {
    proxy.close();
    proxy = FaultProxy.to(zooKeeper.server());
    world = new ConfigWorld(proxy.connectString(), zooKeeper.freshRoot(), home);
    create(NS);
  }

  private void create(String namespace) {
    world.ok("ns create " + namespace);
    world.ok("patch " + namespace + " a=0 -m first");
  }

  @AfterEach
  void close() throws Exception {
    world.close();
    proxy.close();
  }

  /** Returns the requests of a command, in order. */
  private List<Op> requests(String command) {
    proxy.resetCounters();
    world.ok(command);
    return proxy.recorded();
  }

  private void startGray(int number) {
    world.ok("set" + NS + "a=" + number);
    world.ok("gray start" + NS + "trial-" + number + " --to 'percent(1)'");
  }

  @Test
  void grayStatus_ofSeveral_sendsAsManyRequestsAsOfOne() {
    startGray(1);
    List<Op> ofOne = requests("gray status" + NS);
    startGray(2);
    startGray(3);
    assertThat(requests("gray status" + NS)).hasSameSizeAs(ofOne);
    assertThat(world.ok("gray status" + NS + "-o name").lines())
        .containsExactly("trial-1", "trial-2", "trial-3");
  }

  @Test
  void keysList_ofSeveral_waitsAsOftenAsForOne() throws Exception {
    Path keys = Files.writeString(
        home.resolve("keys"), "one=" + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    String rotate = "keys rotate prod --data --keys " + keys;
    world.ok(rotate);
    List<Op> ofOne = requests("keys list prod");
    world.ok(rotate);
    world.ok(rotate);
    List<Op> ofThree = requests("keys list prod");
    assertThat(ofThree).hasSize(ofOne.size() + 2);
    // A sync is in front of each round trip.
    assertThat(syncs(ofThree)).isEqualTo(syncs(ofOne)).isPositive();
  }

  @Test
  void nsList_ofSeveral_waitsAsOftenAsForOne() {
    List<Op> ofOne = requests("ns list");
    create("prod/checkout/prices");
    create("prod/billing/limits");
    assertThat(syncs(requests("ns list"))).isEqualTo(syncs(ofOne)).isPositive();
  }

  private static long syncs(List<Op> requests) {
    return requests.stream().filter(Op.SYNC::equals).count();
  }
}
