package io.zookit.config.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DocumentTest {

  private static final String YAML = """
      # limits
      db:
        url: jdbc:x   # where
        password: "hunter2"
        pool: 10
      notes: |
        first
        second
      servers:
        - {host: a, port: 1}
        - {host: b, port: 2}
      empty: []
      none: null
      """;

  @Test
  void values_ofYaml_areFlat() {
    Map<String, String> values = Format.YAML.parse(YAML).values();

    assertThat(values)
        .containsEntry("db.url", "jdbc:x")
        .containsEntry("db.pool", "10")
        .containsEntry("notes", "first\nsecond\n")
        .containsEntry("servers[1].host", "b")
        .containsEntry("empty", "")
        .doesNotContainKey("none");
  }

  @Test
  void replaceAll_inYaml_keepsCommentsAndTheRest() {
    Document changed = Format.YAML
        .parse(YAML)
        .replaceAll(Map.of("db.password", "s\"x", "notes", "one", "db.pool", "20"));

    assertThat(changed.text())
        .contains("# where", "password: \"s\\\"x\"", "pool: 20", "notes: \"one\"\nservers:");
    assertThat(changed.value("db.password")).contains("s\"x");
  }

  @Test
  void replaceAll_behindCharactersOutsideTheBmp_hitsTheRightPlace() {
    Document document = Format.YAML.parse("face: \"\uD83D\uDE00\"\nkey: old\n");

    assertThat(document.replaceAll(Map.of("key", "new")).text())
        .isEqualTo("face: \"\uD83D\uDE00\"\nkey: \"new\"\n");
  }

  @Test
  void replaceAll_ofAnAlias_isRefused() {
    Document document = Format.YAML.parse("a: &x secret\nb: *x\n");

    assertThatThrownBy(() -> document.replaceAll(Map.of("a", "other")))
        .hasMessageContaining("alias");
  }

  @Test
  void with_newKeys_keepsTheFormat() {
    assertThat(Format.YAML.parse("a:\n  b: 1\n").with("a.c[0]", "true").values())
        .containsEntry("a.b", "1")
        .containsEntry("a.c[0]", "true");
    assertThat(Format.JSON.parse("{\"a\": 1}").with("b.c", "x").value("b.c")).contains("x");
    assertThat(Format.PROPERTIES.parse("# kept\na=1").with("b c", "x y ").text())
        .isEqualTo("# kept\na=1\nb\\ c=x y \n");
  }

  @Test
  void without_aKey_removesItsLine() {
    assertThat(Format.PROPERTIES.parse("a=1\nb=2\\\n  3\n# end\n").without("b").text())
        .isEqualTo("a=1\n# end\n");
    assertThat(Format.JSON.parse("{\"a\": {\"b\": 1, \"c\": 2}}").without("a.b").values())
        .containsOnlyKeys("a.c");
  }

  @Test
  void parse_aKeyTwice_isRefused() {
    assertThatThrownBy(() -> Format.PROPERTIES.parse("a=1\na=2")).hasMessageContaining("twice");
    assertThatThrownBy(() -> Format.JSON.parse("{\"a\":1,\"a\":2}"))
        .isInstanceOf(MalformedContentException.class);
    assertThatThrownBy(() -> Format.YAML.parse("a: 1\na: 2\n"))
        .isInstanceOf(MalformedContentException.class);
    assertThatThrownBy(() -> Format.YAML.parse("a.b: 1\na:\n  b: 2\n"))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void parse_dangerousYaml_isRefused() {
    List<String> bad = List.of(
        "a: !!javax.script.ScriptEngineManager []",
        "a: &x [*x]",
        "- a\n- b",
        "a: [&a [x,x,x,x,x,x,x,x,x,x], &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a], "
            + "&c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b], &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c], "
            + "&e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]]",
        "a: " + "[".repeat(500) + "]".repeat(500));

    assertThat(bad)
        .allSatisfy(text -> assertThatThrownBy(() -> Format.YAML.parse(text))
            .isInstanceOf(MalformedContentException.class));
  }

  @Test
  void parse_deeperThanAnyStack_isRefusedWithoutComingToItsEnd() {
    int deep = 200_000;
    assertThatThrownBy(() -> Format.YAML.parse("a: " + "[".repeat(deep) + "]".repeat(deep)))
        .isInstanceOf(MalformedContentException.class)
        .hasMessageContaining("line 1: too deep");
    for (String text : List.of(
        "[".repeat(deep),
        "a: " + "{a: ".repeat(deep) + "1" + "}".repeat(deep),
        "a:\n" + "- ".repeat(deep) + "1\n",
        "? ".repeat(deep) + "1\n")) {
      assertThatThrownBy(() -> Format.YAML.parse(text))
          .isInstanceOf(MalformedContentException.class);
    }
    assertThatThrownBy(
            () -> Format.JSON.parse("{\"a\":" + "[".repeat(deep) + "]".repeat(deep) + "}"))
        .isInstanceOf(MalformedContentException.class);
  }

  @Test
  void parse_moreThanTheLimits_isRefusedWithTheFigure() {
    DocumentLimits limits = new DocumentLimits(10, 100);
    String many = "0,".repeat(10) + "0";
    assertThatThrownBy(() -> Format.YAML.parse("a: [" + many + "]", limits))
        .hasMessage("yaml: line 1: more than 10 keys");
    assertThatThrownBy(() -> Format.JSON.parse("{\"a\":[" + many + "]}", limits))
        .hasMessage("json: line 1: more than 10 keys");
    String lines = "a0=\na1=\na2=\na3=\na4=\na5=\na6=\na7=\na8=\na9=\nb=\n";
    assertThatThrownBy(() -> Format.PROPERTIES.parse(lines, limits))
        .hasMessage("properties: line 11: more than 10 keys");
    String longName = "n".repeat(30);
    String nested = "{" + longName + ": [0,0,0,0]}";
    assertThatThrownBy(() -> Format.YAML.parse(nested, limits))
        .hasMessage("yaml: line 1: more than 100 characters of flat keys and values");
    assertThatThrownBy(
            () -> Format.JSON.parse(nested.replace(longName, "\"" + longName + "\""), limits))
        .hasMessage("json: line 1: more than 100 characters of flat keys and values");
    assertThatThrownBy(() -> Format.PROPERTIES.parse("a=" + "v".repeat(100), limits))
        .hasMessage("properties: line 1: more than 100 characters of flat keys and values");
    assertThat(Format.TEXT.parse("v".repeat(200), limits).values()).hasSize(1);
  }

  @Test
  void parse_manyNodesWithoutAKey_isRefusedBeforeTheyAreInMemory() {
    DocumentLimits limits = new DocumentLimits(10, 100);
    assertThatThrownBy(() -> Format.JSON.parse("{\"a\":[" + "null,".repeat(50) + "null]}", limits))
        .hasMessage("json: line 1: more than 40 values, maps and lists");
    assertThatThrownBy(() -> Format.YAML.parse("a: [" + "~,".repeat(1_000_000) + "]", limits))
        .hasMessage("yaml: line 1: more than 82 nodes");
    String longName = "n".repeat(1_000);
    String aliases = "a: &x {? " + longName + " : ~}\nb: [*x, *x, *x, *x, *x]\n";
    assertThatThrownBy(() -> Format.YAML.parse(aliases, limits))
        .hasMessageContaining("more than 400 characters of names");
  }

  @Test
  void problem_ofADocumentReadWithinHigherLimits_hasTheFigure() {
    Document document = Format.PROPERTIES.parse("abc=12\nd=345\n");
    assertThat(document.characters()).isEqualTo(9);
    assertThat(new DocumentLimits(2, 9).problem(document)).isEmpty();
    assertThat(new DocumentLimits(1, 9).problem(document)).contains("2 keys (expected: at most 1)");
    assertThat(new DocumentLimits(2, 8).problem(document))
        .contains("9 characters of flat keys and values (expected: at most 8)");
  }

  @Test
  void parse_malformed_namesNoValue() {
    assertThatThrownBy(() -> Format.JSON.parse("{\"a\": hunter2}"))
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> Format.YAML.parse("a: [hunter2")).hasMessageNotContaining("hunter2");
  }

  @Test
  void parse_properties_readsWhatJavaReads() throws Exception {
    Random random = new Random(7);
    String alphabet = "ab=: \\\n\t#!ur\r0041";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(25); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Map<String, String> expected = java(text.toString());
      if (expected.containsKey("") || text.toString().contains("\\\n\\\n")) {
        continue; // Java makes a key of nothing out of a backslash that continues nothing
      }
      try {
        assertThat(Format.PROPERTIES.parse(text.toString()).values())
            .as("seed 7, round %s: %s", round, text)
            .containsExactlyInAnyOrderEntriesOf(expected);
      } catch (MalformedContentException e) {
        assertThat(e.getMessage()).containsAnyOf("twice", "escape");
      }
    }
  }

  @Test
  void replaceAll_anyValue_isReadBack() {
    Random random = new Random(8);
    for (Format format : List.of(Format.PROPERTIES, Format.YAML, Format.JSON)) {
      Document document = format.parse(
          switch (format) {
            case JSON -> "{\"a\": \"x\", \"b\": 1}";
            case YAML -> "a: x\nb: 1\n";
            default -> "a=x\nb=1\n";
          });
      for (int round = 0; round < 3_000; round++) {
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
          value.append(" \\\"'\n\t#=:{}-&*0a%\u00e9\r".charAt(random.nextInt(19)));
        }
        String wanted = value.toString();
        assertThat(document.replaceAll(Map.of("a", wanted, "b", wanted)).values())
            .as("%s seed 8 round %s", format, round)
            .containsEntry("a", wanted)
            .containsEntry("b", wanted);
      }
    }
  }

  private static Map<String, String> java(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (java.io.IOException | IllegalArgumentException e) {
      return Map.of();
    }
    Map<String, String> values = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return values;
  }
}
