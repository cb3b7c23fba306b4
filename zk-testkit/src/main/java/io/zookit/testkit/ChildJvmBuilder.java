package io.zookit.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The settings of a {@link ChildJvm}. Not thread-safe; may be used for several children. */
public final class ChildJvmBuilder {

  final String mainClass;
  final List<String> args = new ArrayList<>();
  final List<String> jvmOptions = new ArrayList<>();
  final Map<String, String> environment = new HashMap<>();
  String classPath = System.getProperty("java.class.path");
  Path directory = Path.of("").toAbsolutePath();
  Optional<Path> log = Optional.empty();
  Consumer<String> listener = line -> {};

  ChildJvmBuilder(String mainClass) {
    this.mainClass = mainClass;
  }

  /** Arguments of the main method, after those given before. */
  public ChildJvmBuilder args(String... more) {
    args.addAll(List.of(more));
    return this;
  }

  /** Options of the virtual machine, after those given before. */
  public ChildJvmBuilder jvmOptions(String... more) {
    jvmOptions.addAll(List.of(more));
    return this;
  }

  /** A variable of the environment, which is otherwise that of this process. */
  public ChildJvmBuilder env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** The class path. Default: that of this JVM. */
  public ChildJvmBuilder classPath(String path) {
    classPath = path;
    return this;
  }

  /** The working directory. Default: that of this JVM. */
  public ChildJvmBuilder directory(Path path) {
    directory = path;
    return this;
  }

  /** The file to which both outputs are appended; it is kept. Default: a temporary one that {@code close} deletes. */
  public ChildJvmBuilder log(Path file) {
    log = Optional.of(file);
    return this;
  }

  /** Receives each line of the standard output as it arrives, on the thread that reads it. */
  public ChildJvmBuilder onLine(Consumer<String> heard) {
    listener = heard;
    return this;
  }

  /**
   * Starts the process.
   *
   * @throws java.io.UncheckedIOException if it cannot be started
   */
  public ChildJvm start() {
    return ChildJvm.start(this);
  }
}
