package io.zookit.admin.shell;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the script by which a shell completes command lines. */
@Command(
    name = "completion",
    description = "Write the script that completes command lines of zookit in a shell.",
    footer = {
      "  source <(zookit completion bash)       in ~/.bashrc",
      "  source <(zookit completion zsh)        in ~/.zshrc"
    })
final class CompletionVerb extends Verb {

  /** The shells that the script is for. It is the same one: zsh runs the completions of bash. */
  enum Dialect {
    /** GNU bash. */
    BASH,
    /** The Z shell. */
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Dialect dialect = Dialect.BASH;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  /** For a shell. */
  CompletionVerb(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() {
    String script = AutoComplete.bash(Program.NAME, spec.root().commandLine());
    shell().output().raw(script + (dialect == Dialect.ZSH ? "\n" : ""));
    return ExitCode.OK;
  }
}
