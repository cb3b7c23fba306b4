package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conventions that hold for every command. */
class GrammarTest {

  @TempDir
  private Path home;

  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void sit() {
    desk = new Desk(home);
  }

  @Test
  void help_ofTheProgramAGroupAndAVerb_isGolden() {
    Golden.exact("help/zookit.txt", desk.type("--help").out());
    Golden.exact("help/lock.txt", desk.type("lock --help").out());
    Golden.exact("help/lock-break.txt", desk.type("lock break -h").out());
    Golden.exact("help/context-add.txt", desk.type("context add --help").out());
  }

  @Test
  void launcherFiles_areWhatTheCommandsWrite() throws Exception {
    assertThat(desk.type("launcher-files '" + home + "'")).isEqualTo(new Outcome(0, "", ""));
    List<String> pages = names(home.resolve("help"));
    assertThat(pages).contains("zookit.txt", "lock.txt", "lock.ansi", "doctor.txt");
    for (String page : pages) {
      String group = page.substring(0, page.indexOf('.'));
      String command = (group.equals("zookit") ? "" : group + " ") + "--help --color "
          + (page.endsWith(".ansi") ? "always" : "never");
      assertThat(Files.readString(home.resolve("help").resolve(page)))
          .as(page)
          .isEqualTo(desk.type(command).out());
    }
    assertThat(Files.readString(home.resolve("completion/_zookit")))
        .isEqualTo(desk.type("completion zsh").out());
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void help_offATerminal_hasNoColour() {
    assertThat(desk.type("lock --help").out()).doesNotContain("\033");
    assertThat(desk.answering().type("lock --help").out()).contains("\033[1m");
    assertThat(desk.answering().type("lock --help --color never").out()).doesNotContain("\033");
    assertThat(desk.answering().with("NO_COLOR", "1").type("lock --help").out())
        .doesNotContain("\033");
    assertThat(desk.alone().type("lock --help --color always").out()).contains("\033[1m");
  }

  @Test
  @Tag("full")
  void color_ofData_isOnATerminalOnly() {
    desk.type("context add x --connect localhost:2181");
    assertThat(desk.type("context list").out()).doesNotContain("\033");
    assertThat(desk.type("context list --color always").out()).contains("\033[32m*\033[0m");
    assertThat(desk.answering().type("context list").out()).contains("\033[32m*");
    assertThat(desk.answering().type("context list -o json").out()).doesNotContain("\033");
    assertThat(desk.answering().type("context list --color=never").out()).doesNotContain("\033");
    assertThat(desk.answering().with("TERM", "dumb").type("context list").out())
        .doesNotContain("\033");
  }

  @Test
  void unknownCommand_namesThoseThereAre() {
    Golden.exact("errors/unknown-group.txt", desk.type("locks list").err());
    Golden.exact("errors/unknown-verb.txt", desk.type("lock shwo").err());
    Golden.exact("errors/missing-argument.txt", desk.type("lock show").err());
    Golden.exact("errors/unknown-format.txt", desk.type("lock list -o xml").err());
  }

  @Test
  void globalOptions_standBeforeAndBehindTheCommand() {
    desk.type("context add x --connect localhost:2181");
    String before = desk.type("-o json context list").out();
    assertThat(before)
        .startsWith("[")
        .isEqualTo(desk.type("context list -o json").out());
    assertThat(desk.type("context -o=JSON list").out()).isEqualTo(before);
  }

  @Test
  void version_inEveryForm_tellsItself() {
    assertThat(desk.type("version").out()).startsWith("zookit ");
    assertThat(desk.type("version -o json").out()).contains("\"zookit\": ", "\"java\": ");
  }

  @Test
  void contexts_wholeLife_isGolden() {
    desk.reading("secret\n");
    Outcome added = desk.type(
        "context add prod --connect zk1:2181,zk2:2181 --root /shop --user ana --password-file -");
    assertThat(added).isEqualTo(new Outcome(0, "", "context prod is added and in use\n"));
    desk.type(
        "context add local --connect localhost:2181 --trust-store /etc/trust.p12 --color never");
    Golden.exact("context/list.txt", desk.type("context list").out());
    Golden.exact("context/list.json", desk.type("context list -o json").out());
    Golden.exact("context/show.txt", desk.type("context show").out());
    Golden.check(
        "context/show-reveal.json",
        desk.type("context show prod -o json --reveal").out());
    assertThat(desk.type("context show prod").out()).doesNotContain("secret");
    assertThat(desk.type("context use local").code()).isZero();
    assertThat(desk.type("context show -o name").out()).isEqualTo("local\n");
    assertThat(desk.type("context remove local --yes").code()).isZero();
    assertThat(desk.type("context show").code()).isEqualTo(3);
    assertThat(desk.type("context list -o name").out()).isEqualTo("prod\n");
  }

  @Test
  void contextFile_isForItsOwnerOnly() throws Exception {
    desk.type("context add x --connect localhost:2181");
    Path file = home.resolve(".config/zookit/config.yaml");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).isEqualTo("""
        current: x
        contexts:
          x:
            connect: localhost:2181
        """);
  }

  @Test
  void contextFile_inTheFolderOfXdg_isFound() throws Exception {
    Path folder = home.resolve("elsewhere");
    desk.with("XDG_CONFIG_HOME", folder.toString());
    desk.type("context add x --connect localhost:2181");
    assertThat(folder.resolve("zookit/config.yaml")).exists();
  }

  @Test
  void readPassword_nothingOnTheInput_isRefused() {
    assertThat(desk.type("context add x --connect a:1 --user u --password-file -"))
        .isEqualTo(new Outcome(
            2, "", "zookit: password: nothing on the standard input (expected: one line)\n"));
  }

  @Test
  void input_thatIsNotUtf8_isRejectedAndNamesTheByte() {
    byte[] latin1 = {'s', (byte) 0xe4, 'f', 'e', '\n'};
    Outcome refused =
        desk.reading(latin1).type("context add x --connect a:1 --user u --password-file -");
    assertThat(refused)
        .isEqualTo(
            new Outcome(
                5,
                "",
                "zookit: standard input: not valid UTF-8 at byte offset 1 (0xE4); nothing was changed\n"));
    assertThat(desk.type("context list -o name").out()).isEmpty();
  }

  @Test
  void control_charactersOfOthers_neverReachTheTerminal() throws Exception {
    Files.createDirectories(home.resolve(".config/zookit"));
    Files.writeString(
        home.resolve(".config/zookit/config.yaml"),
        "contexts: {\"a\\e[2J\": {connect: \"x:1\"}}\n");
    assertThat(desk.type("context list").out()).doesNotContain("\033").contains("a\\u001b[2J");
    assertThat(desk.type("context list -o name").out()).isEqualTo("a\\u001b[2J\n");
  }
}
