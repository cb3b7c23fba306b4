package io.zookit.config.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MergeTest {

  @Test
  void of_differentKeys_takesBothChanges() {
    Merge merge = Merge.of(
        properties("a=1\nb=1\nc=1\n"),
        properties("a=2\nb=1\n"),
        properties("# new\na=1\nb=3\nc=1\n"));

    assertThat(merge.isClean()).isTrue();
    assertThat(merge.merged().text()).isEqualTo("# new\na=2\nb=3\n");
  }

  @Test
  void of_theSameKeyDifferently_isAConflict() {
    Merge merge = Merge.of(properties("a=1"), properties("a=2"), properties("a=3"));

    assertThat(merge.conflicts()).containsExactly("a");
    assertThat(merge.merged().text()).isEqualTo("a=3");
  }

  @Test
  void of_theSameKeyAlike_isClean() {
    assertThat(Merge.of(properties("a=1"), properties("a=2"), properties("a=2")).isClean())
        .isTrue();
  }

  @Test
  void of_textsWithoutKeys_isAConflictWhenBothChanged() {
    Document base = Format.TEXT.parse("x");

    assertThat(Merge.of(base, Format.TEXT.parse("y"), Format.TEXT.parse("z")).conflicts())
        .containsExactly(Document.WHOLE);
    assertThat(Merge.of(base, Format.TEXT.parse("y"), base).merged().text()).isEqualTo("y");
  }

  @Test
  void between_withSecrets_hidesThemInBothForms() {
    Diff diff = Diff.between(
        "old",
        properties("a=1\np=hunter1\n"),
        "new",
        properties("a=2\np=hunter2\n"),
        (key, value) -> key.equals("p"));

    assertThat(diff.toString()).doesNotContain("hunter").contains("-a=1", "+a=2");
    assertThat(diff.keys()).contains(new KeyChange.Changed("p", Diff.HIDDEN, Diff.HIDDEN));
  }

  private static Document properties(String text) {
    return Format.PROPERTIES.parse(text);
  }
}
