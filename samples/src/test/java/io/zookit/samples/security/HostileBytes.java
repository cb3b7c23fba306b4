package io.zookit.samples.security;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Hostile data that a client with write permission stores where records are expected. */
final class HostileBytes {

  /** As much as fits into a packet with its header. */
  static final int LARGE = 1_000_000;

  /** Size in bytes that {@link #bomb} expands to: more than 1 GB. */
  static final long EXPANDED = 1_006_632_960L;

  private static final int BLOCK = 1 << 20;
  private static final int DEEP = 100_000;

  private static final String VERSIONS = "\"v\":\\d+,\"r\":\\d+";

  private HostileBytes() {}

  /**
   * In the place of a record, none of which can be understood.
   *
   * @param good the record
   */
  static Map<String, byte[]> records(byte[] good, long seed) {
    String text = new String(good, StandardCharsets.UTF_8);
    byte[] random = new byte[700];
    new Random(seed).nextBytes(random);
    random[0] = 'x'; // no record by chance
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put(
        "class name",
        bytes("{\"v\":1,\"r\":1,\"@class\":\"javax.script.ScriptEngineManager\","
            + "\"@type\":\"java.lang.ProcessBuilder\",\"command\":[\"touch\",\"owned\"]}"));
    all.put("class array", bytes("[\"java.lang.ProcessBuilder\",{\"command\":[\"touch\"]}]"));
    all.put("bomb", bomb());
    all.put("deep lists", bytes("[".repeat(DEEP) + "]".repeat(DEEP)));
    all.put("deep in a record", bytes("{\"v\":1,\"r\":1,\"a\":" + "[".repeat(1_500)));
    all.put("deep objects", bytes("{\"a\":".repeat(DEEP)));
    all.put("large", new byte[LARGE]);
    all.put("large text", bytes("{\"v\":1,\"r\":1,\"a\":\"" + "x".repeat(LARGE - 100) + "\"}"));
    all.put("truncated", Arrays.copyOf(good, good.length / 2));
    all.put("random", random);
    all.put("empty object", bytes("{}"));
    all.put("needs version 9", bytes(text.replaceFirst(VERSIONS, "\"v\":9,\"r\":9")));
    all.put("version 0", bytes(text.replaceFirst(VERSIONS, "\"v\":0,\"r\":0")));
    all.put("version 1e999", bytes(text.replaceFirst(VERSIONS, "\"v\":1,\"r\":1e999")));
    all.put(
        "version of 60 digits",
        bytes(text.replaceFirst(VERSIONS, "\"v\":1,\"r\":" + "9".repeat(60))));
    all.put(
        "number of 10,000 digits",
        bytes(text.replaceFirst(VERSIONS, "\"v\":1,\"r\":" + "9".repeat(10_000))));
    all.put("twice", bytes(text.replaceFirst("\\{", "{\"v\":1,")));
    return all;
  }

  /** A gzip of less than 1 MB that expands to more than 1 GB of zeros, and says so. */
  static byte[] bomb() {
    return bomb((int) EXPANDED);
  }

  /** Returns the same data, declaring the given expanded size in bytes. */
  static byte[] bomb(int said) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    byte[] packed = new byte[BLOCK];
    deflater.setInput(new byte[BLOCK]);
    int length = deflater.deflate(packed, 0, packed.length, Deflater.FULL_FLUSH);
    deflater.end();
    byte[] block = Arrays.copyOf(packed, length); // stands for itself, so it can be repeated
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long done = 0; done < EXPANDED; done += BLOCK) {
      all.writeBytes(block);
    }
    all.writeBytes(new byte[] {3, 0}); // the last block, empty
    return gzip(all.toByteArray(), 0, said);
  }

  /** A gzip without compression: what it holds is not refused for expanding too much. */
  static byte[] plainGzip(byte[] content) {
    Deflater deflater = new Deflater(Deflater.NO_COMPRESSION, true);
    byte[] packed = new byte[content.length + content.length / 100 + 1024];
    deflater.setInput(content);
    deflater.finish();
    int length = deflater.deflate(packed);
    deflater.end();
    CRC32 sum = new CRC32();
    sum.update(content);
    return gzip(Arrays.copyOf(packed, length), (int) sum.getValue(), content.length);
  }

  /** Nine levels of nine references each: 9⁹ values. */
  static String aliasBomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level <= 9; level++) {
      String before = "*a" + (level - 1);
      text.append("a").append(level).append(": &a").append(level).append(" [");
      text.append(String.join(", ", java.util.Collections.nCopies(9, before))).append("]\n");
    }
    return text.toString();
  }

  static String deepYaml() {
    return "a: " + "[".repeat(DEEP) + "]".repeat(DEEP) + "\n";
  }

  static String deepYamlMaps() {
    return "a: " + "{a: ".repeat(DEEP) + "1" + "}".repeat(DEEP) + "\n";
  }

  static String deepJson() {
    return "{\"a\":" + "[".repeat(DEEP) + "]".repeat(DEEP) + "}";
  }

  static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] deflated, int sum, int size) {
    ByteBuffer all = ByteBuffer.allocate(18 + deflated.length).order(ByteOrder.LITTLE_ENDIAN);
    all.put(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0});
    return all.put(deflated).putInt(sum).putInt(size).array();
  }
}
