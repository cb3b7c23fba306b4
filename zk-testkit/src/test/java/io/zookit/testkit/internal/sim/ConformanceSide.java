package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import java.util.function.Consumer;

/** A ZooKeeper, real or simulated, on which a conformance test performs the same requests one after the other. */
interface ConformanceSide extends AutoCloseable {

  /** Requests to one session that end with one reply. */
  interface Action {

    void on(SessionHandle session, Consumer<String> reply);
  }

  /** Opens one more session. */
  void open();

  /** The written form of replies and events. */
  ConformanceFormat format();

  /** Performs an action and returns its reply. */
  String perform(int session, Action action);

  /** The events that watchers of a session received and that were not taken yet. */
  List<String> takeEvents(int session);

  /** Ends a session by its client. */
  void close(int session);

  /** Cuts a session off, runs a task, and lets the session connect again. */
  void isolate(int session, Runnable meanwhile);

  @Override
  void close();
}
