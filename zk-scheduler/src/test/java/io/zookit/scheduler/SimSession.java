package io.zookit.scheduler;

import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;

/**
 * A session over a network that delays, loses requests and loses answers. Requests are served in order; when the
 * connection breaks every request under way is answered with CONNECTIONLOSS, whether it was served or not.
 */
final class SimSession implements Tree {

  static final long TIMEOUT_MILLIS = 8_000;

  private final SimWorld world;
  private final SimTime.Machine machine;
  private final long id;
  private final List<Pending<?>> underWay = new ArrayList<>();
  private boolean connected = true;
  private boolean over;
  boolean expiredAtServer;
  private long newestAnswered;
  private long lastHeard;
  private long busyUntil;
  private long toldUntil;
  private int connection;

  /** A request under way. */
  private record Pending<T>(Consumer<Answer<T>> reply, int connection, long sent) {
    void lose() {
      reply.accept(Answer.of(Code.CONNECTIONLOSS));
    }
  }

  SimSession(SimWorld world, SimTime.Machine machine, long id) {
    this.world = world;
    this.machine = machine;
    this.id = id;
    this.newestAnswered = world.time.nanos();
    this.lastHeard = world.time.millis();
    beat();
  }

  /** While it is connected and its process runs, the server hears of it. */
  private void beat() {
    if (over || expiredAtServer) {
      return;
    }
    if (machine.dead || machine.frozen || !connected) {
      if (world.time.millis() - lastHeard > TIMEOUT_MILLIS) {
        expiredAtServer = true;
        world.store.expire(id);
        return;
      }
    } else {
      lastHeard = world.time.millis();
      newestAnswered = world.time.nanos();
    }
    world.time.inMillis(500, this::beat);
  }

  /** The network breaks; comes back after a while, perhaps too late for the session. */
  void cut(long millis, Consumer<SimSession> back) {
    if (!connected || over) {
      return;
    }
    connected = false;
    connection++;
    machine.execute(() -> {
      List<Pending<?>> lost = List.copyOf(underWay);
      underWay.clear();
      lost.forEach(Pending::lose);
    });
    world.time.inMillis(
        millis,
        () -> machine.execute(() -> {
          if (!over) {
            if (expiredAtServer) {
              over = true;
            } else {
              connected = true;
              lastHeard = world.time.millis();
            }
            back.accept(this);
          }
        }));
  }

  @Override
  public boolean isConnected() {
    return connected && !over;
  }

  @Override
  public boolean isSafe() {
    return isConnected() && remaining() > 0;
  }

  @Override
  public boolean isOver() {
    return over;
  }

  void close() {
    over = true;
    connected = false;
    if (!expiredAtServer) {
      expiredAtServer = true;
      world.store.expire(id);
    }
  }

  @Override
  public long remaining() {
    return newestAnswered + TIMEOUT_MILLIS * 1_000_000 - world.time.nanos();
  }

  private <T> void request(Supplier<Answer<T>> served, Consumer<Answer<T>> reply) {
    if (!isConnected()) {
      machine.execute(() ->
          reply.accept(over ? new Answer<>(Code.SESSIONEXPIRED, null, false) : Answer.notSent()));
      return;
    }
    Pending<T> pending = new Pending<>(reply, connection, world.time.nanos());
    underWay.add(pending);
    long arrives = Math.max(busyUntil, world.time.millis() + world.delay());
    busyUntil = arrives;
    world.time.inMillis(arrives - world.time.millis(), () -> {
      // A request that was on the wire when the connection broke is served or not.
      boolean lostOnTheWay = pending.connection != connection && world.random.nextBoolean();
      if (expiredAtServer) {
        answer(pending, Answer.of(Code.SESSIONEXPIRED));
      } else if (!lostOnTheWay) {
        lastHeard = world.time.millis();
        answer(pending, served.get());
      }
    });
  }

  private <T> void answer(Pending<T> pending, Answer<T> answer) {
    toldUntil = Math.max(toldUntil, world.time.millis() + world.delay());
    world.time.inMillis(
        toldUntil - world.time.millis(),
        () -> machine.execute(() -> {
          if (pending.connection == connection && underWay.remove(pending)) {
            newestAnswered = Math.max(newestAnswered, pending.sent);
            pending.reply.accept(answer);
          }
        }));
  }

  @Override
  public void read(List<ZkPath> paths, Consumer<Answer<List<Found>>> reply) {
    world.reads++;
    world.asked.accept(this, paths);
    request(
        () -> Answer.ok(paths.stream().map(path -> world.store.find(path, id)).toList()), reply);
  }

  @Override
  public void list(ZkPath path, Consumer<Answer<List<String>>> reply) {
    request(
        () -> world.store.exists(path)
            ? Answer.ok(world.store.children(path))
            : Answer.of(Code.NONODE),
        reply);
  }

  @Override
  public void sync() {}

  @Override
  public void commit(List<Change> changes, Consumer<Answer<List<Stamp>>> reply) {
    world.commits++;
    request(
        () -> {
          world.arrived.accept(changes);
          Answer<List<Stamp>> answer = world.store.commit(changes, id);
          if (answer.isOk()) {
            world.served.accept(this, changes);
          }
          return answer;
        },
        reply);
  }

  @Override
  public void ensure(List<ZkPath> folders, Consumer<Answer<Boolean>> reply) {
    request(
        () -> {
          folders.forEach(world.store::folder);
          return Answer.ok(true);
        },
        reply);
  }

  @Override
  public void follow(ZkPath path, Runnable changed) {
    world.store.watch(path, () -> {
      toldUntil = Math.max(toldUntil, world.time.millis() + world.delay());
      world.time.inMillis(
          toldUntil - world.time.millis(),
          () -> machine.execute(() -> {
            if (isConnected()) {
              changed.run();
            }
          }));
    });
  }
}
