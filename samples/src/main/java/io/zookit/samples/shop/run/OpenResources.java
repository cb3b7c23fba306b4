package io.zookit.samples.shop.run;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resources that the demo opens; closes them once, in reverse order, at the latest when this process exits. */
final class OpenResources implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OpenResources.class);

  private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
  private final Thread atExit = new Thread(this::closeAll, "demo-exit");

  private volatile boolean closed;

  private OpenResources() {}

  static OpenResources untilExit() {
    OpenResources resources = new OpenResources();
    Runtime.getRuntime().addShutdownHook(resources.atExit);
    return resources;
  }

  /** Adds a resource; one that is added after the end is closed at once. */
  <T extends AutoCloseable> T keep(T one) {
    open.push(one);
    if (closed) {
      closeAll();
    }
    return one;
  }

  /** Returns whether this process is shutting down on its own, as on Ctrl-C. */
  boolean isExiting() {
    return atExit.getState() != Thread.State.NEW;
  }

  @Override
  public void close() {
    if (!isExiting()) {
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
    closeAll();
  }

  private void closeAll() {
    closed = true;
    for (AutoCloseable one = open.poll(); one != null; one = open.poll()) {
      try {
        one.close();
      } catch (Exception e) {
        LOG.warn("{} did not end well", one, e);
      }
    }
  }
}
