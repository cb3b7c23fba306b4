package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RatchetTest {

  private static final Rule EXACT = Rule.ratchet("exact", "Says.", code -> Set.of());
  private static final Rule CEILING = Rule.ceiling("exact", "Says.", code -> Set.of());

  @TempDir
  private Path folder;

  @Test
  void complaints_asKnown_none() throws IOException {
    known("# comment", "", "a → b = 2", "c = 1");

    assertThat(check(EXACT, finding("a → b", 1), finding("a → b", 2), finding("c", 1)))
        .isEmpty();
  }

  @Test
  void complaints_numberRose_namesPlaceNumbersAndFindings() throws IOException {
    known("a → b = 1");

    assertThat(check(EXACT, finding("a → b", 1), finding("a → b", 2)))
        .singleElement()
        .asString()
        .contains("a → b: 2 findings, 1 known", "    what 1\n    what 2");
  }

  @Test
  void complaints_newPlace_oneEach() throws IOException {
    known("a = 1");

    assertThat(check(EXACT, finding("a", 1), finding("b", 1)))
        .singleElement()
        .asString()
        .startsWith("b: 1 findings, 0 known");
  }

  @Test
  void complaints_noFile_everyFindingIsNew() {
    assertThat(check(EXACT, finding("a", 1))).hasSize(1);
  }

  @Test
  void complaints_numberFell_saysTheLineToWrite() throws IOException {
    known("a = 3", "b = 1");

    assertThat(check(EXACT, finding("a", 1)))
        .hasSize(2)
        .anySatisfy(complaint ->
            assertThat(complaint).contains("write \"a = 1\" for 3", "-Dzookit.ratchets=lower"))
        .anySatisfy(complaint -> assertThat(complaint).contains("delete the line \"b = 1\""));
  }

  @Test
  void complaints_numberBelowCeiling_none() throws IOException {
    known("a = 3");

    assertThat(check(CEILING, finding("a", 1))).isEmpty();
    assertThat(check(CEILING, finding("a", 1), finding("a", 2), finding("a", 3), finding("a", 4)))
        .hasSize(1);
  }

  @Test
  void complaints_conflictMarkers_tellHowToWriteTheFile() throws IOException {
    known("<<<<<<< HEAD", "a = 3");

    assertThatThrownBy(() -> check(EXACT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("-Dzookit.ratchets=rewrite");
  }

  @Test
  void complaints_lower_writesWhatFellAndRefusesWhatRose() throws IOException {
    known("a = 3", "b = 1", "c = 1");
    Finding[] findings = {finding("a", 1), finding("c", 1), finding("c", 2), finding("d", 1)};

    assertThat(complaints(EXACT, Ratchet.Mode.LOWER, findings)).hasSize(2);
    assertThat(lines()).filteredOn(line -> !line.startsWith("#")).containsExactly("a = 1", "c = 1");
  }

  @Test
  void complaints_rewrite_writesTheFindingsSorted() throws IOException {
    known("=======");
    Finding[] findings = {finding("b", 1), finding("a", 1), finding("b", 2)};

    assertThat(complaints(EXACT, Ratchet.Mode.REWRITE, findings)).isEmpty();
    assertThat(lines()).filteredOn(line -> !line.startsWith("#")).containsExactly("a = 1", "b = 2");
    assertThat(check(EXACT, findings)).isEmpty();
  }

  private static Finding finding(String where, int number) {
    return new Finding(where, "what " + number);
  }

  private List<String> check(Rule rule, Finding... findings) {
    return complaints(rule, Ratchet.Mode.CHECK, findings);
  }

  private List<String> complaints(Rule rule, Ratchet.Mode mode, Finding... findings) {
    return new Ratchet(rule, folder).complaints(List.of(findings), mode);
  }

  private void known(String... lines) throws IOException {
    Files.write(folder.resolve("exact.txt"), List.of(lines));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("exact.txt"));
  }
}
