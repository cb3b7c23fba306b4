package io.zookit.core.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.zookit.core.internal.codec.Compression.ExpansionLimit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class CompressionTest {

  private static final byte[] TEXT =
      "max-orders=200\nregion=eu\nmax-orders.vip=400\n".repeat(40).getBytes(UTF_8);

  @Test
  void compress_text_isSmallerAndSameEachTime() {
    byte[] packed = compress(TEXT);

    assertThat(packed).hasSizeLessThan(TEXT.length / 5).isEqualTo(compress(TEXT));
    assertThat(Arrays.copyOfRange(packed, 4, 8)).as("time stamp").containsOnly(0);
  }

  @Test
  void compress_anyReader_canReadIt() throws IOException {
    try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(compress(TEXT)))) {
      assertThat(plain.readAllBytes()).isEqualTo(TEXT);
    }
  }

  @Test
  void expand_randomData_givesItBack() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] data = new byte[random.nextInt(200_000)];
      int letters = 1 + random.nextInt(256);
      for (int at = 0; at < data.length; at++) {
        data[at] = (byte) random.nextInt(letters);
      }
      assertThat(expand(compress(data))).as("seed %d, data %d", seed, i).isEqualTo(data);
    }
  }

  @Test
  void compress_whatLooksLikeABomb_stillExpandsWithinTheBound() {
    byte[] zeros = new byte[ExpansionLimit.STANDARD.bytes()];
    byte[] packed = compress(zeros);

    assertThat(packed).hasSizeBetween(zeros.length / 20, zeros.length / 7);
    assertThat(expand(packed)).isEqualTo(zeros);
  }

  @Test
  void compress_beyondTheBound_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.compress(new byte[11], new ExpansionLimit(20, 10)))
        .withMessage("data: 11 bytes (expected: at most 10)");
  }

  @Test
  void expand_bomb_isRefusedByWhatItSays() throws IOException {
    byte[] bomb = plainGzip(new byte[3 * 1024 * 1024]);

    assertUnreadable(
        bomb,
        "gzip of " + bomb.length + " bytes expands to 3145728 (expected: at most " + "65536)");
  }

  @Test
  void expand_bombThatLiesAboutItsSize_isRefusedWithoutExpandingIt() throws IOException {
    byte[] bomb = plainGzip(new byte[3 * 1024 * 1024]);
    Arrays.fill(bomb, bomb.length - 4, bomb.length, (byte) 0);
    bomb[bomb.length - 4] = 100;

    assertUnreadable(bomb, "gzip of " + bomb.length + " bytes does not hold the 100 it says");
  }

  @Test
  void expand_beyondTheAbsoluteBound_isRefused() {
    byte[] noise = new byte[1_000];
    new Random(1).nextBytes(noise);

    assertThatExceptionOfType(UnreadableDataException.class)
        .isThrownBy(() -> Compression.expand(compress(noise), new ExpansionLimit(20, 999)))
        .withMessageContaining("expands to 1000 (expected: at most 999)");
  }

  @Test
  void expand_cutAnywhere_isRefused() {
    byte[] packed = compress(TEXT);
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatExceptionOfType(UnreadableDataException.class).isThrownBy(() -> expand(cut));
    }
  }

  @Test
  void expand_trailingGarbageOrSecondMember_isRefused() throws IOException {
    byte[] packed = compress(TEXT);
    byte[] twice = new ByteArrayOutputStream() {
      byte[] both() throws IOException {
        write(packed);
        write(packed);
        return toByteArray();
      }
    }.both();

    assertUnreadable(Arrays.copyOf(packed, packed.length + 1), "gzip of ");
    assertUnreadable(twice, "gzip of ");
  }

  /** A few bits at the end of the deflate stream mean nothing; flipping one must still change nothing. */
  @Test
  void expand_oneBitFlippedAfterTheHeader_neverGivesOtherData() {
    byte[] packed = compress(TEXT);
    int refused = 0;
    for (int bit = 80; bit < packed.length * 8; bit++) {
      byte[] flipped = packed.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        assertThat(expand(flipped)).as("bit %d", bit).isEqualTo(TEXT);
      } catch (UnreadableDataException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(packed.length * 8 - 80 - 8);
  }

  @Test
  void expand_otherThanPlainGzip_isRefused() {
    byte[] named = compress(TEXT);
    named[3] = 8;

    assertUnreadable(named, named.length + " bytes that are not plain gzip");
    assertUnreadable(TEXT, TEXT.length + " bytes that are not plain gzip");
  }

  @Test
  void bound_tooTight_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ExpansionLimit(9, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ExpansionLimit(10, 0));
  }

  private static void assertUnreadable(byte[] data, String start) {
    assertThatExceptionOfType(UnreadableDataException.class)
        .isThrownBy(() -> expand(data))
        .withMessageStartingWith(start);
  }

  private static byte[] compress(byte[] data) {
    return Compression.compress(data, ExpansionLimit.STANDARD);
  }

  private static byte[] expand(byte[] data) {
    return Compression.expand(data, ExpansionLimit.STANDARD);
  }

  private static byte[] plainGzip(byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(data);
    }
    return bytes.toByteArray();
  }
}
