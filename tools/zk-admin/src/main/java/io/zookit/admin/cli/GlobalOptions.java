package io.zookit.admin.cli;

import io.zookit.admin.output.OutputFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command accepts, before or after its name. */
final class GlobalOptions {

  @Option(
      names = "--connect",
      paramLabel = "HOSTS",
      scope = ScopeType.INHERIT,
      description = "Where ZooKeeper is: host:port[,host:port...][/chroot].")
  @Nullable
  String connect;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The connection to use, by its name; see `zookit context`.")
  @Nullable
  String context;

  @Option(
      names = "--root",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description = "The path everything lives under. Default: /zookit.")
  @Nullable
  String root;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description =
          "Who you are to ZooKeeper. The password is taken from ZOOKIT_PASSWORD or asked for.")
  @Nullable
  String user;

  @Option(
      names = "--allow-unauthenticated",
      scope = ScopeType.INHERIT,
      description = "Connect without credentials to servers that are not on this machine.")
  boolean unauthenticated;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      converter = DurationConverter.class,
      description =
          "How long to wait for a connection, and for an answer: 500ms, 10s, 2m. Default: ZOOKIT_TIMEOUT, else 10s.")
  @Nullable
  Duration timeout;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "How to write data: ${COMPLETION-CANDIDATES}. Default: table.")
  OutputFormat output = OutputFormat.TABLE;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      description =
          "When to write in colour: ${COMPLETION-CANDIDATES}. Default: auto, on a terminal.")
  @Nullable
  ColorChoice color;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Write warnings of the connection and causes of failures, too.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Say what the command does.")
  boolean help;
}
