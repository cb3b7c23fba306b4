package io.zookit.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The processes this JVM has started and not yet closed; its end kills them. */
final class LivingChildren {

  private static final Set<Process> CHILDREN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> CHILDREN.forEach(Process::destroyForcibly), "zookit-kill-children"));
  }

  private LivingChildren() {}

  static void add(Process child) {
    CHILDREN.add(child);
  }

  static void remove(Process child) {
    CHILDREN.remove(child);
  }
}
