package io.zookit.console;

import io.zookit.core.ZkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A ZooKeeper server of the console's own, to try it out: {@code zookit server} as a child process, which ends with it. */
final class OwnServer implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("listening on ([^ ]+)");

  private final @Nullable Process process;
  private final @Nullable String address;

  private OwnServer(@Nullable Process process, @Nullable String address) {
    this.process = process;
    this.address = address;
  }

  /** No server. */
  static OwnServer none() {
    return new OwnServer(null, null);
  }

  /** Starts the server by the launcher that the property {@code zookit.launcher} names, which is the one of this process. */
  static OwnServer start() {
    String launcher = System.getProperty("zookit.launcher");
    if (launcher == null) {
      throw new IllegalArgumentException(
          "--connect: nothing (expected: the servers; only `zookit console` has its own)");
    }
    try {
      Process process = new ProcessBuilder(launcher, "server", "--port", "0")
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      Runtime.getRuntime()
          .addShutdownHook(new Thread(process::destroy, "zookit-console-server-stop"));
      BufferedReader lines = new BufferedReader(
          new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      Matcher found = ADDRESS.matcher(line == null ? "" : line);
      if (!found.find()) {
        process.destroy();
        throw new ZkException("zookit server does not start");
      }
      return new OwnServer(process, found.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException("zookit server does not start", e);
    }
  }

  Optional<String> connectString() {
    return Optional.ofNullable(address);
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroy();
    }
  }
}
