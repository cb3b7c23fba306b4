package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** Parses the commands that the documents show, by the grammar of the program. */
class DocumentedCommandsTest {

  /** A command on a line of its own in a code block. */
  private static final Pattern LINE =
      Pattern.compile("(?m)^(?: {4})?(?:source <\\()?(?:\\./)?zookit (.*)$");

  /** The end of a command on its line: a comment, an explanation after a gap, a redirection, a substitution. */
  private static final Pattern END = Pattern.compile(" +#| {3}| <|\\)(?= |$)");

  /** A command inside a sentence: its words in lower case, which may be alternatives. */
  private static final Pattern INLINE =
      Pattern.compile("`(?:\\./)?zookit ([a-z]+(?: [a-z]+(?:\\|[a-z]+)*)*)");

  /** Commands that the launcher gives to other programs. */
  private static final Set<String> ELSEWHERE =
      Set.of("demo", "sample", "server", "console", "bench", "chaos");

  /** The pages outside docs; CHANGELOG.md names commands that are gone. */
  private static final List<String> TOP =
      List.of("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md");

  private static final Path ROOT = Path.of(System.getProperty("basedir", ""))
      .toAbsolutePath()
      .resolve("../..")
      .normalize();

  private final Desk desk = new Desk(Path.of(""));

  @Test
  void commands_onLinesOfTheirOwn_areParsed() {
    List<String> commands =
        commands(LINE).filter(command -> !command.contains("GROUP VERB")).toList();

    assertThat(commands)
        .contains(
            "lock list",
            "config rollback prod/checkout/limits -m 'orders fail'",
            "access identity admin",
            "completion zsh");
    assertThat(commands.stream().flatMap(this::mistakes)).isEmpty();
  }

  @Test
  void commands_insideSentences_exist() {
    List<String> commands =
        commands(INLINE).flatMap(DocumentedCommandsTest::alternatives).toList();

    assertThat(commands).contains("config policy show", "config policy set", "job verify");
    assertThat(commands.stream().flatMap(this::mistakes))
        .allMatch(DocumentedCommandsTest::isIncomplete);
  }

  @Test
  void mistakes_ofCommandsThatDoNotExist_areFound() {
    assertThat(List.of("lock shwo a", "locks list", "lock show", "lock show a --no-such"))
        .allMatch(command -> mistakes(command).count() == 1);
    assertThat(Stream.of("lock shwo", "lock show")
            .flatMap(this::mistakes)
            .filter(DocumentedCommandsTest::isIncomplete))
        .singleElement()
        .asString()
        .startsWith("zookit lock show: Missing required parameter");
  }

  private Stream<String> mistakes(String command) {
    try {
      desk.parse(command);
      return Stream.of();
    } catch (ParameterException e) {
      return Stream.of("zookit " + command + ": " + e.getMessage());
    }
  }

  /** Returns whether something is only left out, as in sentences. */
  private static boolean isIncomplete(String mistake) {
    return mistake.contains(": Missing required ");
  }

  private static Stream<String> commands(Pattern pattern) {
    return documents()
        .map(DocumentedCommandsTest::read)
        .flatMap(text -> pattern.matcher(text).results())
        .map(found -> asGiven(END.split(found.group(1), 2)[0].strip()))
        .filter(command -> !ELSEWHERE.contains(command.split(" ", 2)[0]))
        .distinct();
  }

  /** Removes the {@code help} that the launcher replaces. */
  private static String asGiven(String typed) {
    return typed.matches("help\\b.*")
        ? typed.substring("help".length()).strip() + " --help"
        : typed;
  }

  /** {@code policy show|set} as two commands. */
  private static Stream<String> alternatives(String command) {
    int bar = command.indexOf('|');
    if (bar < 0) {
      return Stream.of(command);
    }
    String before = command.substring(0, command.lastIndexOf(' ', bar) + 1);
    return Stream.of(command.substring(before.length()).split("\\|", -1)).map(before::concat);
  }

  private static Stream<Path> documents() {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      List<Path> pages =
          docs.filter(file -> file.toString().endsWith(".md")).sorted().toList();
      return Stream.concat(TOP.stream().map(ROOT::resolve), pages.stream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
