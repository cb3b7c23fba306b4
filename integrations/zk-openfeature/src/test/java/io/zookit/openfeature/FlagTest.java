package io.zookit.openfeature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Structure;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.FlagNotFoundError;
import dev.openfeature.sdk.exceptions.InvalidContextError;
import dev.openfeature.sdk.exceptions.ParseError;
import dev.openfeature.sdk.exceptions.TargetingKeyMissingError;
import dev.openfeature.sdk.exceptions.TypeMismatchError;
import io.zookit.config.format.Format;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlagTest {

  private static final String TEXT = """
      checkout: true
      page.size: 20
      title: "yes"
      ratio: 0.25
      colors: [red, green]
      theme: {dark: true, width: 12, font: {name: Mono, sizes: [1, 2.5]}}
      limit:
        default: 1
        rules:
          - audience: label.plan == "gold"
            value: 3
          - audience: instance in (ana, bob)
            value: 2
          - audience: ip in 10.0.0.0/8
            value: 4
          - audience: not(label.beta == "false") && percent(10)
            value: 5
      ten: {default: no, rules: [{audience: percent(10), value: in}]}
      thirty: {default: no, rules: [{audience: percent(30), value: in}]}
      everyone: {default: no, rules: [{audience: everyone, value: in}]}
      counted: {default: no, rules: [{audience: count(3), value: in}]}
      broken: {default: no, rules: [{audience: "label.plan = gold", value: in}]}
      mute: {default: no, rules: [{audience: everyone}]}
      endless: {rules: [{audience: everyone, value: in}]}
      """;

  private static final Map<String, String> VALUES = Format.YAML.parse(TEXT).values();

  private static Flag flag(String key) {
    return Flag.read(key, VALUES, "prod/shop/flags");
  }

  private static FlagValue value(String key) {
    return flag(key).otherwise().value();
  }

  private static FlagContext context(String key, Map<String, Value> attributes) {
    return FlagContext.of(new ImmutableContext(key, attributes));
  }

  private static FlagVariant chosen(String key, String target, Map<String, Value> attributes) {
    return flag(key).choose(context(target, attributes));
  }

  @Test
  void read_plainValue_isReadAsWhatIsAsked() {
    assertThat(value("checkout").asBoolean()).isTrue();
    assertThat(value("page.size").asInteger()).isEqualTo(20);
    assertThat(value("page.size").asDouble()).isEqualTo(20);
    assertThat(value("title").asString()).isEqualTo("yes");
    assertThat(value("ratio").asDouble()).isEqualTo(0.25);
    assertThat(flag("checkout").choose(FlagContext.of(null)).reason()).isEqualTo(Reason.STATIC);
  }

  @Test
  void read_otherType_isAMismatchWithoutTheValue() {
    assertThatThrownBy(() -> value("title").asBoolean())
        .isInstanceOf(TypeMismatchError.class)
        .hasMessage("title: is not a boolean");
    assertThatThrownBy(() -> value("ratio").asInteger()).isInstanceOf(TypeMismatchError.class);
    assertThatThrownBy(() -> value("title").asDouble()).isInstanceOf(TypeMismatchError.class);
    assertThatThrownBy(() -> value("theme").asString()).isInstanceOf(TypeMismatchError.class);
    assertThatThrownBy(() -> new FlagValue(Map.of("big", "4294967296"), "big").asInteger())
        .isInstanceOf(TypeMismatchError.class);
    assertThatThrownBy(() -> new FlagValue(Map.of("odd", "NaN"), "odd").asDouble())
        .isInstanceOf(TypeMismatchError.class);
  }

  @Test
  void read_object_hasEverythingInside() {
    assertThat(value("colors").asObject().asList())
        .extracting(Value::asString)
        .containsExactly("red", "green");
    Structure theme = value("theme").asObject().asStructure();
    assertThat(theme.asObjectMap())
        .isEqualTo(Map.of(
            "dark", true, "width", 12, "font", Map.of("name", "Mono", "sizes", List.of(1, 2.5))));
    assertThat(value("ratio").asObject().asDouble()).isEqualTo(0.25);
  }

  @Test
  void read_badFlag_saysWhatIsWrong() {
    assertThatThrownBy(() -> flag("unknown")).isInstanceOf(FlagNotFoundError.class);
    assertThatThrownBy(() -> flag("check")).isInstanceOf(FlagNotFoundError.class);
    assertThatThrownBy(() -> flag("broken"))
        .isInstanceOf(ParseError.class)
        .hasMessageContaining("broken.rules[0]");
    assertThatThrownBy(() -> flag("counted"))
        .isInstanceOf(ParseError.class)
        .hasMessageContaining("expected: percent, not count");
    assertThatThrownBy(() -> flag("mute")).isInstanceOf(ParseError.class);
    assertThatThrownBy(() -> flag("endless"))
        .isInstanceOf(ParseError.class)
        .hasMessageContaining("no default");
  }

  @Test
  void choose_rules_takesTheFirstThatDescribes() {
    Map<String, Value> gold = Map.of("plan", new Value("gold"), "beta", new Value(false));
    assertThat(chosen("limit", "ana", gold).name()).isEqualTo("rules[0]");
    assertThat(chosen("limit", "ana", gold).value().asInteger()).isEqualTo(3);
    Map<String, Value> plain = Map.of("beta", new Value(false), "ip", new Value("10.1.2.3"));
    assertThat(chosen("limit", "bob", plain).name()).isEqualTo("rules[1]");
    assertThat(chosen("limit", "eve", plain).name()).isEqualTo("rules[2]");
    assertThat(chosen("limit", "eve", plain).reason()).isEqualTo(Reason.TARGETING_MATCH);
    FlagVariant none = chosen("limit", "eve", Map.of("beta", new Value(false)));
    assertThat(none.name()).isEqualTo("default");
    assertThat(none.reason()).isEqualTo(Reason.DEFAULT);
    assertThat(none.value().asInteger()).isEqualTo(1);
  }

  @Test
  void choose_percent_isAStickyShareOfTheKeys() {
    List<String> users =
        IntStream.range(0, 20_000).mapToObj(i -> "user-" + i + "@example.org").toList();
    List<String> in = users.stream().filter(user -> isIn("ten", user)).toList();

    assertThat(in).hasSizeBetween(1_800, 2_200);
    assertThat(users.stream().filter(user -> isIn("ten", user))).isEqualTo(in);
    assertThat(chosen("ten", in.get(0), Map.of()).reason()).isEqualTo(Reason.SPLIT);
    assertThat(users.stream().filter(user -> isIn("thirty", user)).count())
        .isBetween(5_600L, 6_400L);
    Flag grown = Flag.read(
        "ten",
        Map.of(
            "ten.default",
            "no",
            "ten.rules[0].audience",
            "percent(30)",
            "ten.rules[0].value",
            "in"),
        "prod/shop/flags");
    assertThat(in)
        .allMatch(user -> grown.choose(context(user, Map.of())).name().equals("rules[0]"));
  }

  private static boolean isIn(String flag, String user) {
    return chosen(flag, user, Map.of()).value().asString().equals("in");
  }

  @Test
  void choose_withoutTargetingKey_failsOnlyForShares() {
    FlagContext nobody = FlagContext.of(new ImmutableContext());
    assertThat(flag("everyone").choose(nobody).name()).isEqualTo("rules[0]");
    assertThatThrownBy(() -> flag("ten").choose(nobody))
        .isInstanceOf(TargetingKeyMissingError.class);
    assertThat(flag("limit")
            .choose(FlagContext.of(new ImmutableContext(Map.of("plan", new Value("gold")))))
            .name())
        .isEqualTo("rules[0]");
  }

  @Test
  void context_attributes_areLabelsWhereRulesCanAskForThem() {
    EvaluationContext given = new ImmutableContext(
        "ana",
        Map.of(
            "plan",
            new Value("gold"),
            "age",
            new Value(42),
            "with space",
            new Value("x"),
            "long",
            new Value("x".repeat(129)),
            "list",
            new Value(List.of(new Value("x")))));
    FlagContext context = FlagContext.of(given);
    assertThat(context.isTargeted()).isTrue();
    assertThat(context.instance().id()).isEqualTo("ana");
    assertThat(context.instance().labels()).isEqualTo(Map.of("plan", "gold", "age", "42"));
  }

  @Test
  void context_notValid_saysWhatIsWrong() {
    assertThatThrownBy(() -> context("ana", Map.of("ip", new Value("somewhere"))))
        .isInstanceOf(InvalidContextError.class)
        .hasMessageContaining("address: somewhere");
    Map<String, Value> many = new HashMap<>();
    IntStream.range(0, 33).forEach(i -> many.put("label" + i, new Value(i)));
    assertThatThrownBy(() -> context("ana", many))
        .isInstanceOf(InvalidContextError.class)
        .hasMessageContaining("at most 32");
  }
}
