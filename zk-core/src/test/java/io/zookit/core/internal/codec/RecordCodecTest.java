package io.zookit.core.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordCodecTest {

  enum Mode {
    @Stored("READ")
    READ,
    @Stored("WRITE")
    WRITE {
      @Override
      public String toString() {
        return "not the name";
      }
    }
  }

  record Port(@Stored("name") String name, @Stored("number") int number) {
    Port {
      if (number < 0) {
        throw new IllegalArgumentException("number: negative (expected: 0 or more)");
      }
    }
  }

  record Grant(
      @Stored("incarnation") long incarnation,
      @Stored("zxid") long zxid) {
    Grant {
      if (incarnation < 0) {
        throw new IllegalArgumentException(
            "incarnation: " + incarnation + " (expected: 0 or more)");
      }
    }
  }

  record All(
      @Stored("text") String text,
      @Stored("small") int small,
      @Stored("large") long large,
      @Stored("real") double real,
      @Stored("flag") boolean flag,
      @Stored("mode") Mode mode,
      @Stored("at") Instant at,
      @Stored("span") Duration span,
      @Stored("port") Port port,
      @Stored("ports") List<Port> ports,
      @Stored("labels") Map<String, String> labels,
      @Stored("token") Grant token,
      @Stored("note") @Nullable String note,
      @Stored("weight") @Nullable Integer weight) {}

  record Owner(
      @Stored("host") String host,
      @Stored("label") @Nullable String label) {}

  record OwnerOfLater(
      @Stored("host") String host,
      @Stored("label") @Nullable String label,
      @Stored("zone") @Nullable String zone) {}

  private static final RecordCodec<All> ALL = RecordCodec.of(All.class, 1);
  private static final RecordCodec<Owner> OWNER = RecordCodec.of(Owner.class, 2).readableFrom(1);

  private static final All SAMPLE = new All(
      "a \"b\" \u00e9 \ud83d\ude00",
      -7,
      Long.MIN_VALUE,
      0.1,
      true,
      Mode.WRITE,
      Instant.parse("2026-11-21T08:00:00.000000001Z"),
      Duration.ofMillis(1500),
      new Port("http", 8080),
      List.of(new Port("a", 1), new Port("b", 2)),
      Map.of("zone", "x", "", "empty name"),
      new Grant(1, -1L),
      null,
      3);

  @Test
  void encode_smallRecord_writesVersionsThenFields() {
    assertThat(new String(OWNER.encode(new Owner("h", null)), UTF_8))
        .isEqualTo("{\"v\":2,\"r\":1,\"host\":\"h\"}");
  }

  @Test
  void encode_everyType_writesPlainJson() {
    assertThat(new String(ALL.encode(SAMPLE), UTF_8))
        .contains("\"mode\":\"WRITE\"")
        .contains("\"at\":\"2026-11-21T08:00:00.000000001Z\"")
        .contains("\"span\":\"PT1.5S\"")
        .contains("\"ports\":[{\"name\":\"a\",\"number\":1},{\"name\":\"b\",\"number\":2}]")
        .contains("\"labels\":{\"\":\"empty name\",\"zone\":\"x\"}")
        .doesNotContain("note")
        .doesNotContain("zookit");
  }

  @Test
  void encode_equalMapsOfOtherOrder_writesEqualBytes() {
    Map<String, String> one = new LinkedHashMap<>();
    Map<String, String> other = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      one.put("k" + i, "v");
      other.put("k" + (9 - i), "v");
    }

    assertThat(ALL.encode(withLabels(one))).isEqualTo(ALL.encode(withLabels(other)));
  }

  @Test
  void encode_missingOrUnwritableValue_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OWNER.encode(new Owner(nothing(), "x")))
        .withMessage("Owner.host: null (expected: a value)");
    Map<String, String> labels = new HashMap<>();
    labels.put("a", nothing());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ALL.encode(withLabels(labels)))
        .withMessageContaining("null (expected: a value)");
    assertThatIllegalArgumentException().isThrownBy(() -> OWNER.encode(new Owner("\ud83d", null)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ALL.encode(withLabels(Map.of("\ude00", "x"))));
    record Real(@Stored("value") double value) {}
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordCodec.of(Real.class, 1).encode(new Real(Double.NaN)))
        .withMessageContaining("finite");
  }

  @Test
  void encode_beyondTheLimit_isRefused() {
    RecordCodec<Owner> narrow = OWNER.withLimit(24);
    assertThat(narrow.encode(new Owner("h", null))).hasSize(24);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> narrow.encode(new Owner("hh", null)))
        .withMessage("Owner: 25 bytes (expected: at most 24)");
  }

  @Test
  void decode_everyType_givesAnEqualRecord() {
    assertThat(ALL.decode(ALL.encode(SAMPLE))).isEqualTo(new Decoded.Value<>(SAMPLE, 1));
  }

  @Test
  void decode_randomRecords_givesEqualRecords() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      All record = randomRecord(random);
      assertThat(ALL.decode(ALL.encode(record)))
          .as("seed %d, record %d", seed, i)
          .isEqualTo(new Decoded.Value<>(record, 1));
    }
  }

  @Test
  void decode_collections_areImmutable() {
    assertThat(ALL.decode(ALL.encode(SAMPLE)))
        .isInstanceOfSatisfying(Decoded.Value.class, decoded -> {
          All record = (All) decoded.value();
          assertThat(record.ports()).isUnmodifiable();
          assertThat(record.labels()).isUnmodifiable();
        });
  }

  @Test
  void decode_newerWriterThatAllowsIt_ignoresWhatIsUnknown() {
    byte[] later = RecordCodec.of(OwnerOfLater.class, 3)
        .readableFrom(2)
        .encode(new OwnerOfLater("h", "l", "z"));

    assertThat(OWNER.decode(later)).isEqualTo(new Decoded.Value<>(new Owner("h", "l"), 3));
  }

  @Test
  void decode_newerWriterThatForbidsIt_isTooNewWhateverItHolds() {
    assertThat(OWNER.decode(bytes("{\"v\":9,\"r\":3,\"host\":[]}")))
        .isEqualTo(new Decoded.TooNew<>(9, 3));
    assertThat(OWNER.decode(RecordCodec.of(Owner.class, 3).encode(new Owner("h", null))))
        .isEqualTo(new Decoded.TooNew<>(3, 3));
  }

  @Test
  void decode_olderWriter_leavesNewFieldsAbsent() {
    RecordCodec<OwnerOfLater> later = RecordCodec.of(OwnerOfLater.class, 3);

    assertThat(later.decode(OWNER.encode(new Owner("h", null))))
        .isEqualTo(new Decoded.Value<>(new OwnerOfLater("h", null, null), 2));
  }

  @Test
  void decode_nameOfAClass_isJustAnUnknownField() {
    assertThat(OWNER.decode(bytes(
            "{\"@class\":\"java.net.URL\",\"v\":1,\"r\":1,\"host\":\"h\",\"@type\":{\"a\":[1]}}")))
        .isEqualTo(new Decoded.Value<>(new Owner("h", null), 1));
  }

  @Test
  void decode_withoutVersions_isMalformed() {
    for (String json : List.of(
        "null",
        "[1]",
        "7",
        "{'r':1,'host':'h'}",
        "{'v':0,'r':1,'host':'h'}",
        "{'v':1.5,'r':1,'host':'h'}",
        "{'v':99999999999,'r':1,'host':'h'}",
        "{'v':'1','r':1,'host':'h'}")) {
      assertMalformed(json, "v: expected a whole number, 1 or more");
    }
    assertMalformed("{'v':1,'host':'h'}", "r: expected a whole number, 1 or more");
  }

  @Test
  void decode_missingOrWrongField_isMalformedByItsName() {
    assertMalformed("{'v':1,'r':1}", "host: missing");
    assertMalformed("{'v':1,'r':1,'host':null}", "host: missing");
    assertMalformed("{'v':1,'r':1,'host':5}", "host: expected text");
    assertMalformed("{'v':1,'r':1,'host':'h','label':[]}", "label: expected text");
  }

  @Test
  void decode_noJson_isMalformed() {
    for (String json : List.of(
        "",
        "secret",
        "{'v':1,'r':1,'host':'h'",
        "{'v':1,'r':1,'host':'h'} {}",
        "{'v':1,'r':1,'host':'h','host':'i'}",
        "{'v':1,'r':1,'host':'h','x':{'secret':1,'secret':2}}")) {
      assertThat(OWNER.decode(json(json)))
          .isInstanceOfSatisfying(
              Decoded.Malformed.class,
              malformed -> assertThat(malformed.reason())
                  .containsAnyOf("no JSON, or a field twice", "v: expected")
                  .doesNotContain("secret"));
    }
  }

  @Test
  void decode_wrongTypes_areMalformedByTheirPlace() {
    assertBroken(
        "\"small\":-7", "\"small\":2147483648", "small: expected a whole number of 32 bits");
    assertBroken("\"small\":-7", "\"small\":1.0", "small: expected a whole number of 32 bits");
    assertBroken("\"small\":-7", "\"small\":\"1\"", "small: expected a whole number of 32 bits");
    assertBroken(
        "-9223372036854775808", "9223372036854775808", "large: expected a whole number of 64 bits");
    assertBroken("\"real\":0.1", "\"real\":1e999", "real: expected a finite number");
    assertBroken("\"flag\":true", "\"flag\":1", "flag: expected true or false");
    assertBroken(
        "\"mode\":\"WRITE\"", "\"mode\":\"APPEND\"", "mode: expected one of [READ, WRITE]");
    assertBroken("\"mode\":\"WRITE\"", "\"mode\":1", "mode: expected one of [READ, WRITE]");
    assertBroken("2026-11-21T", "2026-13-21T", "at: expected an instant in ISO 8601");
    assertBroken("PT1.5S", "1.5", "span: expected a duration in ISO 8601");
    assertBroken(",\"number\":2", "", "ports[1].number: missing");
    assertBroken("\"ports\":[", "\"ports\":[null,", "ports[0]: expected an object");
    assertBroken("\"empty name\"", "{}", "labels[0]: expected text");
    assertBroken("\"labels\":{", "\"labels\":7,\"x\":{", "labels: expected an object");
    assertBroken("\"ports\":[", "\"ports\":7,\"x\":[", "ports: expected an array");
  }

  @Test
  void decode_recordThatRefusesItsComponents_isMalformed() {
    assertBroken("8080", "-1", "port: Port refused it: number: negative (expected: 0 or more)");
    assertBroken(
        "\"incarnation\":1",
        "\"incarnation\":-1",
        "token: Grant refused it: incarnation: -1 (expected: 0 or more)");
  }

  @Test
  void decode_bombs_areMalformed() {
    String open = "{\"v\":1,\"r\":1,\"host\":\"h\",\"x\":";
    assertThat(OWNER.decode(bytes(open + "[".repeat(10_000))))
        .isEqualTo(new Decoded.Malformed<>("too deep, or a number too long"));
    assertThat(OWNER.decode(bytes(open + "9".repeat(10_000) + "}")))
        .isEqualTo(new Decoded.Malformed<>("too deep, or a number too long"));
    assertThat(OWNER.decode(new byte[64 * 1024 + 1]))
        .isEqualTo(new Decoded.Malformed<>("65537 bytes (expected: at most 65536)"));
  }

  @Test
  void decode_randomDamage_neverThrows() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] whole = ALL.encode(SAMPLE);
    int malformed = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = whole.clone();
      for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      if (ALL.decode(damaged) instanceof Decoded.Malformed) {
        malformed++;
      }
    }
    assertThat(malformed).as("seed %d", seed).isPositive();
  }

  @Test
  void of_typeThatIsNotClosed_isRefused() {
    record Open(Object any) {}
    record WithSet(Set<String> names) {}
    record WithRawMap(Map<Integer, String> names) {}
    record Generic<X>(X any) {}
    record Holder(Generic<String> any) {}
    record Endless(List<Endless> more) {}
    for (Class<? extends Record> type :
        List.of(Open.class, WithSet.class, WithRawMap.class, Holder.class)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RecordCodec.of(type, 1))
          .withMessageContaining("(expected: one of the types a stored record may have)");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordCodec.of(Endless.class, 1))
        .withMessage("Endless: contains itself (expected: a closed record)");
  }

  @Test
  void encode_namesThatDifferFromTheCode_writesTheStoredOnes() {
    enum Color {
      @Stored("red")
      CRIMSON,
      @Stored("GREEN")
      LIME
    }
    record Car(
        @Stored("colour") Color paint,
        @Stored("wheels") int numberOfWheels,
        @Stored("paint") String colour) {}
    RecordCodec<Car> codec = RecordCodec.of(Car.class, 1);
    Car car = new Car(Color.CRIMSON, 4, "matt");

    byte[] bytes = codec.encode(car);

    assertThat(new String(bytes, UTF_8))
        .isEqualTo("{\"v\":1,\"r\":1,\"colour\":\"red\",\"wheels\":4,\"paint\":\"matt\"}");
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(car, 1));
    assertThat(codec.decode(json("{'v':1,'r':1,'colour':'CRIMSON','wheels':4,'paint':''}")))
        .isEqualTo(new Decoded.Malformed<>("colour: expected one of [red, GREEN]"));
  }

  @Test
  void of_typeWithoutItsStoredNames_isRefused() {
    enum Bare {
      @Stored("ONE")
      ONE,
      TWO
    }
    record Nameless(@Stored("host") String host, int port) {}
    record Outer(@Stored("all") List<Nameless> all) {}
    record WithEnum(@Stored("bare") Bare bare) {}
    assertRefused(
        Nameless.class, "Nameless.port: has no stored name (expected: @Stored(\"name\"))");
    assertRefused(Outer.class, "Nameless.port: has no stored name (expected: @Stored(\"name\"))");
    assertRefused(WithEnum.class, "Bare.TWO: has no stored name (expected: @Stored(\"name\"))");
  }

  @Test
  void of_storedNameThatIsNotValidOrGivenTwice_isRefused() {
    enum Twice {
      @Stored("one")
      ONE,
      @Stored("one")
      TWO
    }
    record Doubled(
        @Stored("host") String host, @Stored("host") String name) {}
    record WithEnum(@Stored("twice") Twice twice) {}
    record Empty(@Stored("") String host) {}
    record Spaced(@Stored("the host") String host) {}
    record Digit(@Stored("1st") String host) {}
    assertRefused(
        Doubled.class, "Doubled.name: @Stored(\"host\") (expected: a name that no other has)");
    assertRefused(
        WithEnum.class, "Twice.TWO: @Stored(\"one\") (expected: a name that no other has)");
    for (Class<? extends Record> type : List.of(Empty.class, Spaced.class, Digit.class)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RecordCodec.of(type, 1))
          .withMessageContaining("(expected: a letter, then letters, digits, _ and -;");
    }
  }

  private static void assertRefused(Class<? extends Record> type, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordCodec.of(type, 1))
        .withMessage(why);
  }

  @Test
  void of_reservedNameOrVersionOutOfRange_isRefused() {
    record Reserved(@Stored("v") String version) {}
    assertThatIllegalArgumentException().isThrownBy(() -> RecordCodec.of(Reserved.class, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> RecordCodec.of(Owner.class, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> OWNER.readableFrom(3));
    assertThatIllegalArgumentException().isThrownBy(() -> OWNER.readableFrom(0));
    assertThatIllegalArgumentException().isThrownBy(() -> OWNER.withLimit(0));
  }

  private static void assertMalformed(String json, String reason) {
    assertThat(OWNER.decode(json(json))).isEqualTo(new Decoded.Malformed<>(reason));
  }

  private static void assertBroken(String part, String by, String reason) {
    String whole = new String(ALL.encode(SAMPLE), UTF_8);
    assertThat(whole).contains(part);
    assertThat(ALL.decode(bytes(whole.replace(part, by))))
        .isEqualTo(new Decoded.Malformed<>(reason));
  }

  private static All withLabels(Map<String, String> labels) {
    return new All(
        SAMPLE.text(),
        SAMPLE.small(),
        SAMPLE.large(),
        SAMPLE.real(),
        SAMPLE.flag(),
        SAMPLE.mode(),
        SAMPLE.at(),
        SAMPLE.span(),
        SAMPLE.port(),
        SAMPLE.ports(),
        labels,
        SAMPLE.token(),
        null,
        null);
  }

  private static All randomRecord(Random random) {
    Map<String, String> labels = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      labels.put(RandomText.of(random), RandomText.of(random));
    }
    double real = Double.longBitsToDouble(random.nextLong());
    return new All(
        RandomText.of(random),
        random.nextInt(),
        random.nextLong(),
        Double.isFinite(real) ? real : -0.0,
        random.nextBoolean(),
        random.nextBoolean() ? Mode.READ : Mode.WRITE,
        Instant.ofEpochSecond(random.nextInt() * 1_000L, random.nextInt(1_000_000_000)),
        Duration.ofSeconds(random.nextInt(), random.nextInt()),
        new Port(RandomText.of(random), random.nextInt(70_000)),
        List.of(new Port(RandomText.of(random), random.nextInt(70_000))),
        labels,
        new Grant(random.nextInt(9), random.nextLong()),
        random.nextBoolean() ? RandomText.of(random) : null,
        random.nextBoolean() ? random.nextInt() : null);
  }

  private static byte[] json(String singleQuoted) {
    return bytes(singleQuoted.replace('\'', '"'));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Null, as callers without the null checker may pass it. */
  @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"})
  private static <X> X nothing() {
    return null;
  }
}
