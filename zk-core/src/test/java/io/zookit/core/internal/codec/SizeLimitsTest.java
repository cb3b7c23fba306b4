package io.zookit.core.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.zookit.core.internal.path.ZkPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;
import org.junit.jupiter.api.Test;

class SizeLimitsTest {

  /** The longest packet that a server and a client read; see jute.maxbuffer. */
  private static final int PACKET = 1_048_575;

  private static final ZkPath PATH = ZkPath.absolute("/zookit/config/prod");
  private static final List<ACL> LONG_ACL =
      Collections.nCopies(5, new ACL(Perms.ALL, new Id("x509", "CN=" + "x".repeat(300))));

  private final SizeLimits limits = SizeLimits.serverDefault();

  @Test
  void requireFits_greatestData_isSentAndReadBackWithinOnePacket() throws IOException {
    byte[] data = new byte[limits.roomAt(PATH)];
    limits.requireFits(PATH, data);

    assertThat(sizeOf(new RequestHeader(), new CreateRequest(PATH.value(), data, LONG_ACL, 0)))
        .isLessThanOrEqualTo(PACKET);
    assertThat(sizeOf(new ReplyHeader(), new GetDataResponse(data, new Stat())))
        .isLessThanOrEqualTo(PACKET);
    assertThat(data.length).isGreaterThan(1_040_000);
  }

  @Test
  void requireFits_oneByteMore_isRefusedNamingPathAndSizes() {
    int room = limits.roomAt(PATH);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits.requireFits(PATH, new byte[room + 1]))
        .withMessage("data of /zookit/config/prod: " + (room + 1) + " bytes (expected: at most "
            + room + ")");
  }

  @Test
  void roomAt_longerPath_leavesLess() {
    assertThat(limits.roomAt(PATH) - limits.roomAt(PATH.child("abc"))).isEqualTo(4);
  }

  @Test
  void requireFits_multi_countsEveryOperationAsSent() throws IOException {
    SizeLimits small = SizeLimits.packetsOf(10_000);
    List<Op> fits = List.of(create(3_000), create(3_000), Op.check("/a", 1), Op.delete("/b", 2));
    small.requireFits(fits);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> small.requireFits(List.of(create(4_000), create(4_000))))
        .withMessageContaining("multi of 2 operations: 8")
        .withMessageEndingWith("(expected: at most 7952)");
  }

  @Test
  void requireFits_multiWithLongAccessLists_countsThem() {
    SizeLimits small = SizeLimits.packetsOf(4_096);
    Op longAcl = Op.create("/a", new byte[1], LONG_ACL, CreateMode.PERSISTENT);

    small.requireFits(List.of(longAcl));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> small.requireFits(List.of(longAcl, longAcl)));
  }

  @Test
  void packetsOf_outOfRange_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> SizeLimits.packetsOf(4_095));
    assertThatIllegalArgumentException().isThrownBy(() -> SizeLimits.packetsOf(PACKET + 1));
  }

  private static Op create(int bytes) {
    return Op.create("/a", new byte[bytes], List.of(), CreateMode.PERSISTENT);
  }

  private static int sizeOf(Record header, Record body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
    header.serialize(archive, "header");
    body.serialize(archive, "body");
    return bytes.size();
  }
}
