package io.zookit.admin.cli;

import io.zookit.core.Timekeeper;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The environment in which a command runs: its input, its output, its terminal.
 *
 * @param variables of the environment
 * @param home of the user
 * @param in the standard input
 * @param out for data; a write that fails must throw
 * @param err for messages
 * @param terminal the terminal on which to ask the user; empty if there is none
 * @param timekeeper the clock
 */
public record CliEnvironment(
    Map<String, String> variables,
    Path home,
    InputStream in,
    OutputStream out,
    PrintStream err,
    Optional<Terminal> terminal,
    Timekeeper timekeeper) {

  /** Those of this process. */
  public static CliEnvironment ofThisProcess() {
    return new CliEnvironment(
        System.getenv(),
        Path.of(System.getProperty("user.home", "")),
        System.in,
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
        System.err,
        Terminal.ofThisProcess(),
        Timekeeper.system());
  }

  /** A variable that is set to something. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /** The file of the contexts. */
  Path contextFile() {
    Path folder = variable("XDG_CONFIG_HOME")
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElseGet(() -> home.resolve(".config"));
    return folder.resolve("zookit").resolve("config.yaml");
  }
}
