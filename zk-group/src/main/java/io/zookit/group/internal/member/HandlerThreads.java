package io.zookit.group.internal.member;

import io.zookit.group.Partition;
import io.zookit.group.PartitionHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Threads of handlers: virtual ones where the JVM has them, otherwise daemons. */
record HandlerThreads(String name, PartitionHandler handler) implements HandlerRunner {

  private static final @Nullable Method OF_VIRTUAL = ofVirtual();

  private static @Nullable Method ofVirtual() {
    try {
      return Thread.class.getMethod("ofVirtual");
    } catch (NoSuchMethodException e) {
      return null; // before Java 21
    }
  }

  @Override
  public RunningHandler start(Partition partition, Consumer<Optional<Throwable>> returned) {
    Thread thread =
        thread("zookit-group-" + name + "-" + partition.index(), () -> run(partition, returned));
    thread.start();
    return thread::interrupt;
  }

  private void run(Partition partition, Consumer<Optional<Throwable>> returned) {
    Optional<Throwable> failure = Optional.empty();
    try {
      handler.run(partition);
    } catch (InterruptedException e) {
      // How a handler that was interrupted ends; one that ended so by itself has returned, too.
    } catch (Throwable e) { // of a user
      failure = Optional.of(e);
    }
    returned.accept(failure);
  }

  @Override
  public Executor executor() {
    return task -> thread("zookit-group-" + name + "-planner", task).start();
  }

  private static Thread thread(String name, Runnable task) {
    Method factory = OF_VIRTUAL;
    if (factory != null) {
      try {
        Object builder = factory.invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        type.getMethod("name", String.class).invoke(builder, name);
        return (Thread) type.getMethod("unstarted", Runnable.class).invoke(builder, task);
      } catch (IllegalAccessException
          | InvocationTargetException
          | NoSuchMethodException
          | ClassNotFoundException e) {
        throw new IllegalStateException("virtual threads cannot be created", e);
      }
    }
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
