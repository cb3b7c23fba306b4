package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles every Java snippet of the documents. */
class SnippetsTest {

  @TempDir
  Path classes = Path.of("");

  @Test
  void snippets_ofAllDocuments_compile() {
    List<DocumentSnippet> all = Checkout.snippets().stream()
        .filter(snippet -> snippet.kind() != DocumentSnippet.Kind.SKIP)
        .toList();

    assertThat(all).extracting(DocumentSnippet::document).contains("README.md");
    assertThat(new SnippetCompiler(classes).compile(all).values().stream().flatMap(List::stream))
        .isEmpty();
  }

  @Test
  void compile_ofASnippetWithAMistake_namesTheLineInTheDocument() {
    List<DocumentSnippet> snippets = DocumentSnippet.in("docs/x.md", """
        # Title

        <!-- snippet: compile -->
        ```java
        try (Lease lease = DistributedLock.named("a", zk).acquire(Duration.ofSeconds(1))) {
          lease.tokn();
        }
        ```

        <!-- snippet: run
        import java.util.concurrent.Callable;
        private final Callable<String> given = () -> "given";
        -->
        ```java
        String text = given.call();
        ```

        <!-- snippet: compile
        private final Strin given = "";
        -->
        ```java
        given.length();
        ```
        """);

    Map<DocumentSnippet, List<String>> errors = new SnippetCompiler(classes).compile(snippets);

    assertThat(errors.get(snippets.get(0)))
        .singleElement()
        .asString()
        .startsWith("docs/x.md:6: cannot find symbol");
    assertThat(errors.get(snippets.get(1))).isEmpty();
    assertThat(errors.get(snippets.get(2)))
        .singleElement()
        .asString()
        .startsWith("docs/x.md:21: around the snippet: cannot find symbol");
  }

  @Test
  void in_fenceThatIsNotMarkedAsExpected_isRefusedByItsLine() {
    assertRefused("text\n```java\nint x;\n```\n", "x.md:2: the fence has no mark");
    assertRefused("<!-- other -->\n```java\n```\n", "x.md:2: the fence has no mark");
    assertRefused("<!-- snippet: run -->\n\n```java\n```\n", "x.md:3: the fence has no mark");
    assertRefused("<!-- snippet: runs -->\n```java\n```\n", "x.md:2: the fence is marked \"runs\"");
    assertRefused("<!-- snippet: skip -->\n```java\n```\n", "x.md:2: the fence is marked \"skip\"");
    assertRefused(
        "<!-- snippet: skip, because -->\n```java\n```\n", "x.md:2: the fence is marked \"skip");
    assertRefused("```java\nint x;\n", "x.md:1: the fence is not closed");
  }

  @Test
  void in_fencesOfAllKinds_areFoundInOrder() {
    List<DocumentSnippet> snippets = DocumentSnippet.in("x.md", """
        ```sh
        ls
        ```
        <!-- snippet: skip, because it is only the idea -->
        ```java
        ...
        ```
        <!-- snippet: run
        import java.util.List;
        int given;
        -->
        ```java
        given++;
        ```
        """);

    assertThat(snippets)
        .containsExactly(
            new DocumentSnippet("x.md", 5, DocumentSnippet.Kind.SKIP, List.of(), List.of("...")),
            new DocumentSnippet(
                "x.md",
                12,
                DocumentSnippet.Kind.RUN,
                List.of("import java.util.List;", "int given;"),
                List.of("given++;")));
  }

  private static void assertRefused(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DocumentSnippet.in("x.md", text))
        .withMessageStartingWith(why);
  }
}
