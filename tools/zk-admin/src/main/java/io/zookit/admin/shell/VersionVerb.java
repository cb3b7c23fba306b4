package io.zookit.admin.shell;

import java.util.Optional;
import picocli.CommandLine.Command;

/** Says which version this is. */
@Command(
    name = "version",
    description = "Say which version this is.",
    footer = {"  zookit version", "  zookit version -o json"})
final class VersionVerb extends Verb {

  /**
   * Which versions these are.
   *
   * @param zookit this program
   * @param java what it runs on
   */
  record Versions(String zookit, String java) {}

  private static final Layout<Versions> LAYOUT = Layout.of(
          Versions::zookit,
          Column.of("ZOOKIT", Versions::zookit),
          Column.of("JAVA", Versions::java))
      .withPage(versions -> Page.of("zookit " + versions.zookit).field("java", versions.java));

  /** For a shell. */
  VersionVerb(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() {
    Package own = VersionVerb.class.getPackage();
    String version =
        Optional.ofNullable(own.getImplementationVersion()).orElse("of a build folder");
    shell().output().show(new Versions(version, Runtime.version().toString()), LAYOUT);
    return ExitCode.OK;
  }
}
