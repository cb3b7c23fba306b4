package io.zookit.core.internal.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZkPathTest {

  private static final String LETTERS = "abyzABYZ0189";
  private static final String MARKS = "._-";
  private static final String STRANGE = "/~ \t\n\u0000\u007f\u00e9\ud83d\ude00*:@%\\\"'`{[";

  @Test
  void absolute_validPath_isKept() {
    ZkPath path = ZkPath.absolute("/zookit/locks/sku-42");

    assertThat(path).hasToString("/zookit/locks/sku-42");
    assertThat(path.name()).isEqualTo("sku-42");
    assertThat(path.parent()).isEqualTo(ZkPath.absolute("/zookit/locks"));
  }

  @Test
  void absolute_brokenPath_isRefused() {
    for (String path : List.of(
        "",
        "/",
        "a",
        "a/b",
        "//",
        "/a/",
        "/a//b",
        "/.",
        "/..",
        "/a/../b",
        "/~q",
        "/zookeeper",
        "/zookeeper/quota")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ZkPath.absolute(path))
          .withMessageStartingWith("path: \"");
    }
    assertThat(ZkPath.absolute("/zookeepers").isTop()).isFalse();
  }

  @Test
  void parent_ofAShortPath_isTheTop() {
    ZkPath top = ZkPath.absolute("/a").parent();

    assertThat(top.isTop()).isTrue();
    assertThat(top.parent()).isEqualTo(top);
    assertThat(top.child("b")).hasToString("/b");
  }

  @Test
  void own_reservedName_isAppendedAndSlashRefused() {
    ZkPath path = ZkPath.absolute("/a");

    assertThat(path.own("~q")).hasToString("/a/~q");
    assertThatIllegalArgumentException().isThrownBy(() -> path.own("a/b"));
    assertThatIllegalArgumentException().isThrownBy(() -> path.own(""));
  }

  @Test
  void nested_severalElements_isBoundedAsAWhole() {
    ZkPath path = ZkPath.absolute("/a");
    String longest = ("x".repeat(127) + "/").repeat(4).substring(0, 511) + "y";

    assertThat(path.nested("stock/sku-42")).hasToString("/a/stock/sku-42");
    assertThat(path.nested(longest).value()).hasSize(3 + 512);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> path.nested("x/".repeat(256) + "y"))
        .withMessage("name: 513 characters (expected: at most 512)");
  }

  @Test
  void requireName_invisibleText_isShownEscapedAndCut() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ZkPath.requireName("lock", "a\u001b[31m\u0000" + "x".repeat(500)))
        .withMessageStartingWith("lock: \"a\\u001b[31m\\u0000xxx")
        .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(300));
  }

  @Test
  void names_fuzzed_noneOutsideTheGrammarIsAccepted() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ZkPath root = ZkPath.absolute("/zookit");
    int accepted = 0;
    for (int i = 0; i < 10_000; i++) {
      String name = fuzzed(random);
      boolean valid = isName(name);
      boolean nested = isNested(name);
      String where = "seed " + seed + ", name " + i + ": " + name;

      assertThat(accepts(() -> ZkPath.requireName("name", name))).as(where).isEqualTo(valid);
      assertThat(accepts(() -> root.child(name))).as(where).isEqualTo(valid);
      assertThat(accepts(() -> root.nested(name))).as(where).isEqualTo(nested);
      assertThat(accepts(() -> ZkPath.absolute("/zookit/" + name)))
          .as(where)
          .isEqualTo(List.of(name.split("/", -1)).stream().allMatch(ZkPathTest::isName));
      accepted += valid ? 1 : 0;
    }
    assertThat(accepted).as("seed %d: names of both kinds", seed).isBetween(1_000, 9_000);
  }

  /** The grammar once more, without a regular expression. */
  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= 128
        && isLetter(name.charAt(0))
        && name.chars().allMatch(c -> isLetter((char) c) || MARKS.indexOf(c) >= 0);
  }

  private static boolean isNested(String name) {
    return name.length() <= 512
        && List.of(name.split("/", -1)).stream().allMatch(ZkPathTest::isName);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String fuzzed(Random random) {
    int length = random.nextInt(10) == 0 ? 120 + random.nextInt(16) : random.nextInt(8);
    StringBuilder name = new StringBuilder();
    int strange = random.nextInt(3);
    for (int i = 0; i < length; i++) {
      int kind = random.nextInt(12);
      String from = kind < strange ? STRANGE : kind < 4 ? MARKS : LETTERS;
      name.append(from.charAt(random.nextInt(from.length())));
    }
    return name.toString();
  }

  private static boolean accepts(Runnable call) {
    try {
      call.run();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
