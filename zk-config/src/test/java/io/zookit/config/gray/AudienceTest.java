package io.zookit.config.gray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AudienceTest {

  private static final Instance WEB =
      Instance.named("web-1").withAddress("10.1.2.3").withLabel("zone", "a");

  @Test
  void hash_goldenVectors_neverChange() {
    assertThat(hash("57", "prod/checkout/limits", "web-1")).isEqualTo(GOLDEN_1);
    assertThat(hash("57", "prod/checkout/limits", "web-2")).isEqualTo(GOLDEN_2);
    assertThat(hash("58", "prod/checkout/limits", "web-1")).isEqualTo(GOLDEN_3);
    assertThat(hash("", "a/b/c", "\u00fcn\u00ef")).isEqualTo(GOLDEN_4);
  }

  private static final String GOLDEN_1 = "05da00ab8cf18553";
  private static final String GOLDEN_2 = "d13b05e442533403";
  private static final String GOLDEN_3 = "9bd14ffb2678e045";
  private static final String GOLDEN_4 = "a08f43cf4433201a";

  @Test
  void describes_eachMatcher_looksAtWhatItSays() {
    assertThat(Audience.instances("web-1", "web-2").describes(WEB)).isTrue();
    assertThat(Audience.instances("web-2").describes(WEB)).isFalse();
    assertThat(Audience.ip("10.1.0.0/16").describes(WEB)).isTrue();
    assertThat(Audience.ip("10.2.0.0/16").describes(WEB)).isFalse();
    assertThat(Audience.ip("10.1.2.0/23").describes(WEB)).isTrue();
    assertThat(Audience.ip("::1").describes(WEB)).isFalse();
    assertThat(Audience.ip("0.0.0.0/0").describes(Instance.named("x"))).isFalse();
    assertThat(Audience.label("zone", "a").describes(WEB)).isTrue();
    assertThat(Audience.not(Audience.label("zone", "a")).describes(WEB)).isFalse();
    assertThat(Audience.any(Audience.label("zone", "b"), Audience.everyone()).describes(WEB))
        .isTrue();
    assertThat(Audience.label("zone", "a").and(Audience.instances("web-2")).describes(WEB))
        .isFalse();
  }

  @Test
  void parse_itsOwnText_isTheSameRule() {
    List<Audience> rules = List.of(
        Audience.everyone(),
        Audience.instances("a", "b-1.c"),
        Audience.ip("2001:db8::/32"),
        Audience.label("z", "say \"\\hi\"").and(Audience.percent(12.5)),
        Audience.not(Audience.any(Audience.label("z", "a"), Audience.ip("10.0.0.1"))),
        Audience.label("z", "a").and(Audience.count(2)));

    assertThat(rules)
        .allSatisfy(rule -> assertThat(Audience.parse(rule.toString())).isEqualTo(rule));
    assertThat(Audience.parse("label.zone==\"a\"&&percent( 10 )").toString())
        .isEqualTo("label.zone == \"a\" && percent(10)");
  }

  @Test
  void parse_unknownOperators_areRefusedAndMatchNobody() {
    List<String> bad = List.of(
        "",
        "percent(0)",
        "percent(101)",
        "count(0)",
        "count(1.5)",
        "instance in ()",
        "region == \"a\"",
        "label.zone != \"a\"",
        "label.zone == \"a\" || everyone",
        "not(percent(5))",
        "percent(5) && count(2)",
        "everyone everyone",
        "ip in 300.1.1.1",
        "instance in (1.1.1.1, 2.2.2.2",
        "label.zone == \"a\nb\"",
        "not(".repeat(50));

    assertThat(bad).allSatisfy(text -> {
      assertThatThrownBy(() -> Audience.parse(text)).isInstanceOf(IllegalArgumentException.class);
      assertThat(Audience.read(text)).isEmpty();
    });
  }

  @Test
  void percent_growing_keepsWhoIsIn() {
    Random random = new Random(3);
    List<Instance> fleet = fleet(500, random);
    AudienceMatcher ten = gate(Audience.percent(10), fleet);
    AudienceMatcher quarter = gate(Audience.percent(25), fleet);

    assertThat(fleet.stream().filter(ten::admits)).allMatch(quarter::admits);
    assertThat(quarter.isAtLeast(ten)).isTrue();
    assertThat(fleet.stream().filter(ten::admits).count()).isBetween(25L, 80L);
    assertThat(fleet).allMatch(gate(Audience.percent(100), fleet)::admits);
  }

  @Test
  void count_ofAnyFleet_isExact() {
    Random random = new Random(4);
    for (int size = 1; size <= 40; size++) {
      List<Instance> fleet = fleet(size, random);
      for (int count = 1; count <= size; count++) {
        AudienceMatcher gate = gate(Audience.count(count), fleet);
        assertThat(fleet.stream().filter(gate::admits)).as("seed 4").hasSize(count);
      }
    }
    assertThatThrownBy(() -> gate(Audience.count(3), fleet(2, random)))
        .hasMessageContaining("at most the 2 live instances");
  }

  @Test
  void count_amongTheDescribed_countsOnlyThese() {
    List<Instance> fleet = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      fleet.add(Instance.named("i" + i).withLabel("zone", i % 2 == 0 ? "a" : "b"));
    }

    AudienceMatcher gate = gate(Audience.label("zone", "a").and(Audience.count(3)), fleet);

    assertThat(fleet.stream().filter(gate::admits)).hasSize(3);
    assertThat(fleet.stream().filter(gate::admits))
        .allMatch(instance -> "a".equals(instance.labels().get("zone")));
  }

  @Test
  void hash_ofManyIds_isUniform() {
    int[] buckets = new int[16];
    int ids = 16_000;
    for (int i = 0; i < ids; i++) {
      buckets[(int) (StickyHash.of("s", "a/b/c", "instance-" + i) >>> 60)]++;
    }
    double chi = 0;
    for (int count : buckets) {
      chi += Math.pow(count - ids / 16.0, 2) / (ids / 16.0);
    }
    assertThat(chi).as("chi squared of 15 degrees, 99.9 %%").isLessThan(37.7);
  }

  private static AudienceMatcher gate(Audience audience, List<Instance> live) {
    return AudienceMatcher.measured(audience, "prod/checkout/limits", "57", live);
  }

  private static List<Instance> fleet(int size, Random random) {
    List<Instance> fleet = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      fleet.add(Instance.named("i-" + Long.toHexString(random.nextLong())));
    }
    return fleet;
  }

  private static String hash(String salt, String namespace, String id) {
    return String.format("%016x", StickyHash.of(salt, namespace, id));
  }
}
