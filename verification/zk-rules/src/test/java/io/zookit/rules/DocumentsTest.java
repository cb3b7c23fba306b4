package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the pages for what a reader would run into: dead links, dead names, versions that are not the build's. */
class DocumentsTest {

  private static final int README_LINES = 150;
  private static final long DOCS_BYTES = 2 << 20;
  private static final Path FOREIGN =
      Checkout.rules().resolve("src/test/documents/foreign-names.txt");

  /** The version in a dependency on the BOM, of Maven and of Gradle. */
  private static final Pattern VERSION =
      Pattern.compile("zk-bom(?:</artifactId>\\s*<version>|:)([^<\"]+)[<\"]");

  private static final Pattern COLOUR = Pattern.compile("#[0-9a-f]{6}");

  @Test
  void links_ofAllPages_leadSomewhere() {
    DocumentLinks links = new DocumentLinks(Checkout.root());

    assertThat(Checkout.documents().stream().flatMap(page -> links.dead(page).stream()))
        .isEmpty();
  }

  @Test
  void names_ofAllPages_exist() throws IOException {
    DocumentNames names =
        new DocumentNames(Checkout.code(), Set.copyOf(Files.readAllLines(FOREIGN)));

    assertThat(Checkout.documents().stream()
            .filter(page -> !page.path().equals("CHANGELOG.md")) // it names what is gone
            .flatMap(page -> names.dead(page).stream()))
        .isEmpty();
    assertThat(names.unused()).as("names in " + FOREIGN + " that no page has").isEmpty();
  }

  @Test
  void dead_ofAPageWithMistakes_namesEachOfThem() {
    DocumentPage page = new DocumentPage("docs/x.md", """
        # A page, with `code`

        [itself](#a-page-with-code), [lock](locks.md#a-mutex), [home](../README.md), [folder](decisions),
        [web](https://example.com/none), <img src="images/none.svg">
        [gone](none.md), [renamed](locks.md#no-such), [itself](#no-such), [outside](../../none.md)

        `Lease`, `io.zookit.lock.Lease.token`, `LeaseState.HELD`, `RulesTest.check_of…`, `Foreign.any()`,
        `*Impl`, `zk:///Service`, `Laese`, `Lease.tokne()`, `RulesTest.no_such`

        <!-- `Commented` [out](none2.md) -->
        ```java
        Fenced.in("code");
        ```
        """);

    assertThat(new DocumentLinks(Checkout.root()).dead(page))
        .extracting(Finding::what)
        .containsExactly(
            "images/none.svg: no such file",
            "none.md: no such file",
            "locks.md#no-such: no such heading",
            "#no-such: no such heading",
            "../../none.md: no such file");
    DocumentNames names = new DocumentNames(Checkout.code(), Set.of("Foreign", "Unused"));
    assertThat(names.dead(page))
        .extracting(Finding::what)
        .containsExactly(
            "Laese: no such type",
            "Lease.tokne: no such member",
            "RulesTest.no_such: no such member");
    assertThat(names.unused()).containsExactly("Unused");
  }

  @Test
  void index_namesEveryPage() {
    List<String> linked = page("docs/README.md").links().toList();

    assertThat(Checkout.documents().stream()
            .map(DocumentPage::path)
            .filter(path -> path.matches("docs/[^/]+\\.md") && !path.equals("docs/README.md"))
            .map(path -> path.substring("docs/".length())))
        .isSubsetOf(linked);
  }

  @Test
  void versions_ofTheBomInAllPages_areTheBuilds() {
    List<String> versions = Checkout.documents().stream()
        .flatMap(page -> VERSION.matcher(page.text()).results())
        .map(found -> found.group(1))
        .toList();

    assertThat(versions).hasSizeGreaterThanOrEqualTo(8).containsOnly(Checkout.version());
  }

  @ParameterizedTest
  @ValueSource(strings = {"README", "docs/getting-started"})
  void translation_headingsSnippetsAndCommands_areThoseOfThePage(String name) {
    assertThat(untranslated(page(name + ".zh-CN.md"))).isEqualTo(untranslated(page(name + ".md")));
  }

  @Test
  void untranslated_ofPagesThatDiffer_differs() {
    String page = "# Title\n\n## A\n\n    zookit help    # all\n\n```java\nint x;\n```\n";

    assertThat(untranslated(new DocumentPage("x.md", page)))
        .containsExactly("#", "##", "zookit help", "```java\nint x;\n```")
        .isEqualTo(
            untranslated(new DocumentPage("x.md", page.replace("Title", "T").replace("all", "a"))))
        .isNotEqualTo(untranslated(new DocumentPage("x.md", page.replace("## A", "### A"))))
        .isNotEqualTo(untranslated(new DocumentPage("x.md", page.replace("help", "hlep"))))
        .isNotEqualTo(untranslated(new DocumentPage("x.md", page.replace("int", "long"))));
  }

  @Test
  void readme_isShort() {
    assertThat(page("README.md").text().lines().count()).isLessThanOrEqualTo(README_LINES);
  }

  @Test
  void pictures_lightAndDark_differInColoursOnly() {
    String light = Checkout.page("docs/images/overview-light.svg");
    String dark = Checkout.page("docs/images/overview-dark.svg");

    assertThat(COLOUR.matcher(light).replaceAll(""))
        .isEqualTo(COLOUR.matcher(dark).replaceAll(""));
    assertThat(colours(light)).isNotEqualTo(colours(dark));
  }

  @Test
  void docs_weighLittle() throws IOException {
    try (Stream<Path> files = Files.walk(Checkout.root().resolve("docs"))) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      assertThat(bytes).isLessThanOrEqualTo(DOCS_BYTES);
    }
  }

  /** The parts that a translation leaves as they are: the levels of headings, commands without comments, fenced blocks. */
  private static List<String> untranslated(DocumentPage page) {
    return Stream.of(
            page.headings().stream().map(heading -> heading.split(" ", 2)[0]),
            page.commands().stream().map(command -> command.split(" +#", 2)[0]),
            page.blocks().stream())
        .flatMap(each -> each)
        .toList();
  }

  private static Set<String> colours(String picture) {
    return COLOUR.matcher(picture).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  private static DocumentPage page(String path) {
    return new DocumentPage(path, Checkout.page(path));
  }
}
