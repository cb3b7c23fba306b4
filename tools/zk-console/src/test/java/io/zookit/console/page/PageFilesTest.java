package io.zookit.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageFilesTest {

  private static final Pattern IMPORT = Pattern.compile("(?:from|import)\\s*\"([^\"]+)\"");

  @Test
  void all_imports_areFilesOfThePage() {
    PageFiles.all().forEach((path, file) -> {
      if (file.type().startsWith("text/javascript")) {
        Matcher imported = IMPORT.matcher(new String(file.bytes(), StandardCharsets.UTF_8));
        while (imported.find()) {
          String name = imported.group(1).replaceFirst("^\\./", "/page/");
          assertThat(PageFiles.find(name))
              .as("%s imports %s", path, imported.group(1))
              .isPresent();
        }
      }
    });
  }

  @Test
  void all_document_hasNoInlineScriptOrStyle() {
    String html = new String(PageFiles.find("/").orElseThrow().bytes(), StandardCharsets.UTF_8);

    assertThat(html)
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContain("<style")
        .doesNotContain(" style=")
        .doesNotContain("http");
  }

  @Test
  void all_firstLoad_isAtMostSixtyKilobytes() {
    int zipped = PageFiles.all().entrySet().stream()
        .filter(each -> !each.getKey().equals("/openapi.yaml"))
        .mapToInt(each -> each.getValue().zipped().length)
        .sum();

    assertThat(zipped).isLessThanOrEqualTo(60 * 1024);
  }
}
