package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedTestsTest {

  @TempDir
  private Path folder;

  private Path page = Path.of("");

  @BeforeEach
  void write() throws Exception {
    page = Files.writeString(folder.resolve("page.md"), """
        # Page
        ## Other
        | a | b |
        |---|---|
        | x | `NoSuchTest.method` |
        ## Failures
        Words.
        | failure | shown by |
        |---|---|
        | one | `NamedTestsTest.under_headingWithATable_hasItsRows`, and more |
        | two | nothing |
        | three | `NamedTestsTest.gone` and `sub.NamedTestsTest.gone` |
        | four | `NamedTestsTest.write` |
        ### Behind
        | y | z |
        """);
  }

  @Test
  void under_headingWithATable_hasItsRows() {
    assertThat(NamedTests.under(page, "Failures").rows())
        .hasSize(4)
        .first()
        .asString()
        .contains("one");
  }

  @Test
  void faults_ofRowsWithoutATestOrWithOneThatIsGone_areTold() {
    assertThat(NamedTests.under(page, "Failures").faults("io.zookit.rules"))
        .satisfiesExactly(
            two -> assertThat(two).startsWith("names no test: | two"),
            gone -> assertThat(gone).startsWith("NamedTestsTest.gone is no test"),
            sub -> assertThat(sub).startsWith("sub.NamedTestsTest.gone is no test"),
            helper -> assertThat(helper).startsWith("NamedTestsTest.write is no test"));
  }

  @Test
  void under_headingWithoutATable_isRefused() {
    assertThatThrownBy(() -> NamedTests.under(page, "Page"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no table under \"Page\"");
  }
}
