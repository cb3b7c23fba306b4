package io.zookit.lock.internal.guarded;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Entries and exits of locks with a state, which are begun again after each reconnect until they have ended or their
 * session has. Used on the loop.
 */
public final class GuardedStates implements Engine, SessionListener {

  /** A task that must end within one session. */
  interface Task {

    SessionHandle handle();

    /** Begins, or begins again what was not answered. */
    void send();

    /** The session is over. Not called when the task has ended. */
    void onOver();
  }

  private final CoreClient client;
  private final Set<Task> tasks = new LinkedHashSet<>();

  private GuardedStates(CoreClient client) {
    this.client = client;
  }

  public static GuardedStates in(CoreClient client) {
    return client.engine(GuardedStates.class, GuardedStates::new);
  }

  @Override
  public void start() {
    client.onSessions(this);
  }

  /** Takes up a task; {@code begun} when its first request is out or answered. */
  void add(Task task, boolean begun) {
    if (task.handle().isOver()) {
      task.onOver();
      return;
    }
    tasks.add(task);
    if (!begun && task.handle().isConnected()) {
      task.send();
    }
  }

  /** Returns whether a task has not ended. */
  boolean has(Task task) {
    return tasks.contains(task);
  }

  void end(Task task) {
    tasks.remove(task);
  }

  public int size() {
    return tasks.size();
  }

  @Override
  public void onConnected(SessionHandle handle) {
    ofSession(handle).forEach(Task::send);
  }

  @Override
  public void onSuspect(SessionHandle handle) {}

  @Override
  public void onLost(SessionHandle handle) {
    for (Task task : ofSession(handle)) {
      tasks.remove(task);
      task.onOver();
    }
  }

  private List<Task> ofSession(SessionHandle handle) {
    List<Task> found = new ArrayList<>(tasks);
    found.removeIf(task -> task.handle() != handle);
    return found;
  }

  /** The leases are given up by their engine, in the sessions that still live. */
  @Override
  public void close() {}
}
