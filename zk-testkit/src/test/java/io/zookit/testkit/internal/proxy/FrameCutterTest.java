package io.zookit.testkit.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

public class FrameCutterTest {

  private final FrameCutter cutter = new FrameCutter();
  private final List<ByteBuffer> packets = new ArrayList<>();

  @Test
  void feed_anySegmentation_givesTheSamePackets() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<ByteBuffer> sent = new ArrayList<>();
      ByteBuffer stream = ByteBuffer.allocate(100_000);
      for (int i = random.nextInt(20); i >= 0; i--) {
        byte[] body = new byte[random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(6)];
        random.nextBytes(body);
        ByteBuffer packet =
            ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body);
        sent.add(packet.flip());
        stream.put(packet.duplicate());
      }
      assertThat(cutInPieces(stream.flip(), random)).as("seed %d", seed).isEqualTo(sent);
    }
  }

  @Test
  void feed_fourLetterWord_passesAsItComes() {
    cutter.feed(ByteBuffer.wrap("sr".getBytes(StandardCharsets.US_ASCII)), packets::add);
    assertThat(packets).isEmpty();
    cutter.feed(ByteBuffer.wrap("vr\nmore".getBytes(StandardCharsets.US_ASCII)), packets::add);
    assertThat(cutter.isRaw()).isTrue();
    StringBuilder text = new StringBuilder();
    packets.forEach(each -> text.append(StandardCharsets.US_ASCII.decode(each)));
    assertThat(text).hasToString("srvr\nmore");
  }

  @Test
  void feed_packetOfNoBytes_isAPacket() {
    cutter.feed(ByteBuffer.allocate(8), packets::add);
    assertThat(packets).hasSize(2).allMatch(each -> each.remaining() == 4);
    assertThat(cutter.isRaw()).isFalse();
  }

  private static List<ByteBuffer> cutInPieces(ByteBuffer stream, Random random) {
    FrameCutter cutter = new FrameCutter();
    List<ByteBuffer> packets = new ArrayList<>();
    while (stream.hasRemaining()) {
      int count =
          Math.min(stream.remaining(), 1 + random.nextInt(random.nextBoolean() ? 3 : 5_000));
      byte[] piece = new byte[count];
      stream.get(piece);
      cutter.feed(ByteBuffer.wrap(piece), packets::add);
    }
    return packets;
  }
}
