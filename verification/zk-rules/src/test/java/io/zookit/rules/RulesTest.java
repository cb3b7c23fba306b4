package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every rule against the modules, and against the code it was made to find. */
final class RulesTest {

  private static final Path RATCHETS = Checkout.rules().resolve("src/test/ratchets");
  private static final Path FINDINGS = Checkout.rules().resolve("target/findings");

  static List<Rule> rules() {
    return Stream.of(
            SourceRules.all(),
            DependencyRules.all(),
            ClusterRules.all(),
            ClockRule.all(),
            NameRules.all(),
            ReplacedRules.all(),
            LanguageRule.all(),
            StoredRecordRule.all(),
            SurfaceRules.all(),
            SignatureRules.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void check_ofModules_findsNothingNew(Rule rule) throws IOException {
    Set<Finding> findings = rule.check().apply(Checkout.code());
    if (rule.kind() == Rule.Kind.REPORT) {
      findings.forEach(finding -> System.out.println(rule + ": " + finding));
    } else if (rule.isCounted()) {
      Files.createDirectories(FINDINGS);
      Files.write(
          FINDINGS.resolve(rule + ".txt"),
          findings.stream().map(Finding::toString).toList());
      assertThat(new Ratchet(rule, RATCHETS).complaints(findings, Ratchet.Mode.ofBuild()))
          .as(rule + ": " + rule.says())
          .isEmpty();
    } else {
      assertThat(findings).as(rule + ": " + rule.says()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void check_ofItsFixture_findsWhatIsExpected(Rule rule) {
    Fixture fixture = Fixture.of(rule);

    assertThat(rule.check().apply(fixture.code()))
        .as(rule.name())
        .extracting(Finding::headline)
        .containsExactlyInAnyOrderElementsOf(fixture.expected());
  }

  @Test
  void fixtures_each_belongToARule() {
    assertThat(Fixture.names())
        .containsExactlyInAnyOrderElementsOf(rules().stream().map(Rule::name).toList());
  }

  @Test
  void ratchets_each_belongToARule() throws IOException {
    try (var files = Files.list(RATCHETS)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
          .isSubsetOf(rules().stream().filter(Rule::isCounted).map(Rule::name).toList());
    }
  }

  @Test
  void modules_codeOfAll_isThere() {
    assertThat(Checkout.code().main())
        .extracting(SourceFile::typeName)
        .contains("io.zookit.core.ZkClient");
    assertThat(Checkout.code().tests())
        .extracting(SourceFile::typeName)
        .contains("io.zookit.rules.RulesTest");
  }
}
