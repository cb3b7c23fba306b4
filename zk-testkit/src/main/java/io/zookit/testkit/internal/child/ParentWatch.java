package io.zookit.testkit.internal.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** In a child: reads the standard input until the parent is gone, and then ends the JVM. */
public final class ParentWatch {

  /** The exit code by which a shell reports an end by a hang-up. */
  private static final int EXIT_CODE = 129;

  private ParentWatch() {}

  public static void start(Consumer<String> onLine) {
    Thread watch = new Thread(() -> read(onLine), "zookit-parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void read(Consumer<String> onLine) {
    try {
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        onLine.accept(line);
      }
    } catch (IOException e) {
      System.err.println("the parent cannot be watched any more: " + e);
    } finally {
      // As abrupt as the parent's own end may have been: no shutdown hook of the child may hold
      // this up.
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
