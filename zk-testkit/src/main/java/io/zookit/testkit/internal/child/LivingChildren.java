package io.zookit.testkit.internal.child;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The processes this JVM has started and not yet closed; its end kills them. */
public final class LivingChildren {

  private static final Set<Process> CHILDREN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> CHILDREN.forEach(Process::destroyForcibly), "zookit-kill-children"));
  }

  private LivingChildren() {}

  public static void add(Process child) {
    CHILDREN.add(child);
  }

  public static void remove(Process child) {
    CHILDREN.remove(child);
  }
}
