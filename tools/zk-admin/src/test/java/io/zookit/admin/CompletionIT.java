package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion script, executed by the installed shells. */
@Tag("full")
class CompletionIT {

  @TempDir
  private Path folder;

  private Path script = Path.of("");

  @BeforeEach
  void write() throws IOException {
    script = folder.resolve("completion");
    Outcome written = new Desk(folder).type("completion bash");
    assertThat(written.code()).isZero();
    Files.writeString(script, written.out());
  }

  @Test
  void bash_groups_areCompleted() throws Exception {
    assertThat(bash("zookit lo")).containsExactly("lock");
    assertThat(bash("zookit ")).contains("lock", "context", "doctor", "completion", "demo");
  }

  @Test
  void bash_verbs_areCompleted() throws Exception {
    assertThat(bash("zookit lock ")).contains("list", "show", "watch", "revoke", "break");
    assertThat(bash("zookit lock re")).containsExactly("revoke");
  }

  @Test
  void bash_options_areCompleted() throws Exception {
    assertThat(bash("zookit lock break --dr")).containsExactly("--dry-run");
    assertThat(bash("zookit lock list --out")).containsExactly("--output");
  }

  @Test
  void bash_valuesOfOptions_areCompleted() throws Exception {
    assertThat(bash("zookit lock list --output ")).containsExactly("table", "json", "yaml", "name");
    assertThat(bash("zookit completion ")).contains("bash", "zsh");
  }

  @Test
  void bash_names_areThoseOfTheListCommand() throws Exception {
    program("stock/sku-1", "stock/sku-2", "orders");
    assertThat(bash("zookit lock show st")).containsExactly("stock/sku-1", "stock/sku-2");
    assertThat(called()).isEqualTo("lock list -o name --timeout 2s");
    assertThat(bash("zookit lock break --yes --number 7 ")).hasSize(3);
    bash("zookit --connect zk:1 --root=/shop config get ");
    assertThat(called())
        .isEqualTo("--connect zk:1 --root=/shop config ns list -o name --timeout 2s");
    bash("zookit config diff ");
    assertThat(called()).isEqualTo("config ns list -o name --timeout 2s");
    bash("zookit service route set ");
    assertThat(called()).isEqualTo("service list -o name --timeout 2s");
    bash("zookit job show ");
    assertThat(called()).isEqualTo("job list -o name --timeout 2s");
  }

  @Test
  void bash_otherArguments_areNoNames() throws Exception {
    program("stock/sku-1");
    assertThat(bash("zookit config get prod/checkout/limits ")).containsExactly("");
    assertThat(bash("zookit lock break -m ")).containsExactly("");
    assertThat(bash("zookit context add ")).containsExactly("");
    assertThat(folder.resolve("called")).doesNotExist();
  }

  @Test
  void bash_namesOfOthers_areNeverEvaluated() throws Exception {
    program("a$(touch '" + folder.resolve("touched") + "')", "a;b", "a*", "a:b", "a b", "ab");
    assertThat(bash("zookit lock show a")).containsExactly("a:b", "ab");
    assertThat(bash("zookit lock show a:")).containsExactly("b");
    assertThat(folder.resolve("touched")).doesNotExist();
  }

  @Test
  void listCommands_areCommandsOfTheProgram() throws Exception {
    Desk desk = new Desk(folder);
    List<String> lists = Pattern.compile("(?m)\\) echo (.*) ;;$")
        .matcher(Files.readString(script))
        .results()
        .map(found -> found.group(1))
        .toList();
    assertThat(lists)
        .contains("config ns list", "service list", "lock list", "job list", "id list")
        .contains("context list");
    lists.forEach(list -> desk.parse(list + " -o name --timeout 2s"));
  }

  /** Puts a program on the path that writes these names, and how it was called. */
  private void program(String... names) throws IOException {
    Path program = folder.resolve("zookit");
    Files.write(folder.resolve("names"), List.of(names));
    Files.writeString(
        program,
        "#!/bin/sh\necho \"$*\" >'" + folder.resolve("called") + "'\ncat '"
            + folder.resolve("names") + "'\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private String called() throws IOException {
    return Files.readString(folder.resolve("called")).strip();
  }

  @Test
  void zsh_script_isRead() throws Exception {
    assumeTrue(isThere("zsh"), "no zsh here");
    assertThat(run("zsh", "-f", "-c", "source '" + script + "' && print fine")).contains("fine");
  }

  /** Returns the completions that bash offers at the end of the line. */
  private List<String> bash(String line) throws Exception {
    assumeTrue(isThere("bash"), "no bash here");
    String words = line.endsWith(" ") ? line + "''" : line;
    int last = line.split(" ", -1).length - 1;
    String program = """
        compopt() { :; } # the builtin complains outside of a completion
        source '%s'
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        COMP_LINE='%s'
        COMP_POINT=${#COMP_LINE}
        COMP_TYPE=9
        PATH='%s':$PATH
        _zookit
        printf '%%s\\n' "${COMPREPLY[@]}"
        """.formatted(script, words, last, line.replace("'", "'\\''"), folder);
    return run("bash", "--norc", "-c", program).lines().map(String::strip).toList();
  }

  private static boolean isThere(String context) {
    return List.of("/bin/", "/usr/bin/", "/usr/local/bin/").stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place + context)));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String written = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(written).isZero();
    return written;
  }
}
