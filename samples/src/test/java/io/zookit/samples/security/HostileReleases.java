package io.zookit.samples.security;

import static io.zookit.samples.security.HostileBytes.bytes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Releases that a publisher of ours never writes, and heads that name them. */
final class HostileReleases {

  private static final Pattern STABLE =
      Pattern.compile("\"stable\":\\{\"release\":(\\d+),\"sha256\":\"([0-9a-f]{64})\"}");
  private static final Pattern REVISION = Pattern.compile("\"revision\":(\\d+)");
  private static final Pattern LAST = Pattern.compile("\"lastRelease\":(\\d+)");

  private HostileReleases() {}

  /**
   * One attack.
   *
   * @param number of the release
   * @param release the data of its node
   * @param head that names it
   * @param repaired the head from before, as a later one
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Attack(int number, byte[] release, String head, String repaired) {}

  /** Modification of a good release: of its manifest and the payload after it. */
  private interface Damage {
    Damaged apply(String manifest, byte[] payload);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Damaged(String manifest, byte[] payload, String sha256) {}

  /** One kind of attack. */
  record Named(String name, Damage damage) {

    /** Makes it of a good head and the stable release. */
    Attack attack(String head, byte[] good) {
      int end = new String(good, StandardCharsets.ISO_8859_1).indexOf('\n');
      int number = Integer.parseInt(group(LAST, head)) + 1;
      long revision = Long.parseLong(group(REVISION, head));
      String manifest = new String(good, 0, end, StandardCharsets.UTF_8)
          .replaceFirst("\"number\":\\d+", "\"number\":" + number);
      byte[] payload = Arrays.copyOfRange(good, end + 1, good.length);
      Damaged damaged = damage.apply(manifest, payload);
      String pointer =
          "\"stable\":{\"release\":" + number + ",\"sha256\":\"" + damaged.sha256 + "\"}";
      String attacked = STABLE.matcher(later(head, revision + 1)).replaceFirst(pointer);
      return new Attack(number, joined(damaged), attacked, later(head, revision + 2));
    }
  }

  static String stableNumber(String head) {
    return group(STABLE, head);
  }

  static List<Named> all(long seed) {
    List<Named> all = new ArrayList<>();
    packed(all);
    texts(all);
    manifests(all, seed);
    return all;
  }

  private static void packed(List<Named> all) {
    all.add(new Named("bomb", (m, p) -> holding(m, HostileBytes.bomb(), sha(m))));
    all.add(new Named("bomb that lies", (m, p) -> holding(m, HostileBytes.bomb(1_000), sha(m))));
    all.add(new Named(
        "other text", (m, p) -> holding(m, HostileBytes.plainGzip(bytes("max=666\n")), sha(m))));
    all.add(new Named("no gzip", (m, p) -> holding(m, bytes("max=666\n"), sha(m))));
    all.add(new Named("half", (m, p) -> new Damaged(m, Arrays.copyOf(p, p.length / 2), sha(m))));
    all.add(new Named("nothing", (m, p) -> holding(m, new byte[0], sha(m))));
    all.add(new Named("large", (m, p) -> holding(m, new byte[HostileBytes.LARGE], sha(m))));
  }

  private static void texts(List<Named> all) {
    text(all, "aliases", "YAML", HostileBytes.aliasBomb());
    text(all, "deep YAML", "YAML", HostileBytes.deepYaml());
    text(all, "deep maps", "YAML", HostileBytes.deepYamlMaps());
    text(all, "tag", "YAML", "a: !!javax.script.ScriptEngineManager [x]\n");
    text(all, "key twice", "YAML", "max: 1\nmax: 2\n");
    text(all, "recursive", "YAML", "a: &a [*a]\n");
    text(all, "deep JSON", "JSON", HostileBytes.deepJson());
    text(all, "number", "JSON", "{\"max\":" + "9".repeat(100_000) + "}");
    text(all, "no JSON", "JSON", "\u0000\u0001");
  }

  private static void manifests(List<Named> all, long seed) {
    byte[] random = new byte[2_000];
    new Random(seed).nextBytes(random);
    String blob = "\"stored\":1,\"blob\":\"%s\",\"chunks\":%s";
    changed(all, "needs version 2", "\"v\":1,\"r\":1", "\"v\":2,\"r\":2");
    changed(all, "stored 2³¹ − 1", "\"stored\":\\d+", "\"stored\":2147483647");
    changed(all, "stored −1", "\"stored\":\\d+", "\"stored\":-1");
    String sha256 = HostileBytes.sha256(random);
    changed(all, "pieces 2·10⁹", "\"stored\":\\d+", String.format(blob, sha256, "2000000000"));
    changed(all, "pieces −1", "\"stored\":\\d+", String.format(blob, sha256, "-1"));
    changed(all, "no pieces", "\"stored\":\\d+", String.format(blob, sha256, "0"));
    changed(all, "blob elsewhere", "\"stored\":\\d+", String.format(blob, "../../../x", "1"));
    changed(all, "blob up", "\"stored\":\\d+", String.format(blob, "..", "1"));
    changed(all, "blob missing", "\"stored\":\\d+", String.format(blob, sha256, "1"));
    all.add(new Named("random", (m, p) -> new Damaged("x", random, sha(m))));
    all.add(new Named("deep manifest", (m, p) -> new Damaged("[".repeat(60_000), p, sha(m))));
    all.add(new Named(
        "manifest of 1 MB",
        (m, p) -> new Damaged(" ".repeat(HostileBytes.LARGE), new byte[0], sha(m))));
  }

  private static void text(List<Named> all, String name, String format, String text) {
    byte[] plain = bytes(text);
    String sha256 = HostileBytes.sha256(plain);
    all.add(new Named(
        name,
        (m, p) -> holding(
            m.replaceFirst("\"sha256\":\"[0-9a-f]+\"", "\"sha256\":\"" + sha256 + "\"")
                .replaceFirst("\"format\":\"[A-Z]+\"", "\"format\":\"" + format + "\""),
            HostileBytes.plainGzip(plain),
            sha256)));
  }

  private static void changed(List<Named> all, String name, String what, String into) {
    all.add(new Named(name, (m, p) -> new Damaged(m.replaceFirst(what, into), p, sha(m))));
  }

  private static Damaged holding(String manifest, byte[] payload, String sha256) {
    String fitting = manifest.replaceFirst("\"stored\":\\d+", "\"stored\":" + payload.length);
    return new Damaged(fitting, payload, sha256);
  }

  private static byte[] joined(Damaged damaged) {
    byte[] line = bytes(damaged.manifest + "\n");
    byte[] all = Arrays.copyOf(line, line.length + damaged.payload.length);
    System.arraycopy(damaged.payload, 0, all, line.length, damaged.payload.length);
    return all;
  }

  private static String sha(String manifest) {
    return group(Pattern.compile("\"sha256\":\"([0-9a-f]+)\""), manifest);
  }

  private static String later(String head, long revision) {
    return head.replaceFirst("\"revision\":\\d+", "\"revision\":" + revision);
  }

  private static String group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException(pattern + " is not in " + text);
    }
    return matcher.group(1);
  }
}
