package io.zookit.lock;

import io.zookit.core.ZkException;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Where a request stands: its nodes in one or several queues, from the moment they are made until they are given up. It
 * waits for every turn to come, and hears what others do to the nodes. Lives on the loop.
 */
final class Standing {

  /** Hears what becomes of it, on the loop; nothing after it was closed. */
  interface Listener {

    /** Somebody is ahead in one of the queues. */
    void onBlocked(int ahead);

    /** Every turn has come. */
    void onReached();

    /** A node is gone that nobody here deleted. */
    void onRemoved();

    /** It can never be granted, or a queue cannot be read. */
    void onFailed(ZkException reason);

    /** What stands in an own node, when somebody has written there. */
    void onData(byte[] data);
  }

  private final LockEngine engine;
  private final List<Place> places;
  private final Listener listener;
  private final List<PredecessorWait> turns = new ArrayList<>();
  private final List<OwnNodeWatch> selves = new ArrayList<>();
  private final Set<PredecessorWait> open;
  private boolean closed;

  Standing(LockEngine engine, List<Place> places, boolean patient, Listener listener) {
    this.engine = engine;
    this.places = places;
    this.listener = listener;
    for (Place place : places) {
      turns.add(new PredecessorWait(engine, place, patient, new TurnEnd(turns.size())));
      selves.add(new OwnNodeWatch(engine, place, new SelfEnd()));
    }
    this.open = new LinkedHashSet<>(turns);
  }

  List<Place> places() {
    return places;
  }

  SessionHandle handle() {
    return places.get(0).handle();
  }

  /** The turns that have not come. */
  List<PredecessorWait> open() {
    return List.copyOf(open);
  }

  String describe() {
    return open.stream()
        .map(PredecessorWait::describe)
        .distinct()
        .collect(Collectors.joining("; "));
  }

  void onConnected() {
    open().forEach(PredecessorWait::onConnected);
  }

  void onListed(int index, Answer<List<String>> names) {
    turns.get(index).onListed(names);
  }

  /** Something that the rules depend on changed. */
  void lookAgain() {
    open().forEach(PredecessorWait::list);
  }

  /** Whether all nodes are among those the session owns. */
  boolean isWithin(Set<ZkPath> mine) {
    return places.stream().allMatch(place -> mine.contains(place.node()));
  }

  /** Whether those behind wait to be told of the grant. */
  boolean owesNews() {
    return turns.stream()
        .anyMatch(turn -> turn.waited() && turn.place().claim().rule().tellsThoseBehind());
  }

  /** Replaces what stands in the own nodes. */
  void write(OwnerRecord record) {
    places.forEach(place -> engine.writes().write(place.handle(), place.node(), record));
  }

  /**
   * Gives all nodes up.
   *
   * @return done when they are surely gone
   */
  CompletableFuture<Void> remove() {
    close();
    return engine.release(places);
  }

  /** Stops waiting and watching; the nodes stay. */
  void close() {
    closed = true;
    turns.forEach(PredecessorWait::close);
    selves.forEach(OwnNodeWatch::close);
    places.forEach(place -> engine.writes().forget(place.handle(), place.node()));
  }

  private final class TurnEnd implements PredecessorWait.Listener {
    private final int index;

    TurnEnd(int index) {
      this.index = index;
    }

    @Override
    public void onBlocked(int ahead) {
      if (!closed) {
        listener.onBlocked(ahead);
      }
    }

    @Override
    public void onReached() {
      open.remove(turns.get(index));
      if (!closed && open.isEmpty()) {
        listener.onReached();
      }
    }

    @Override
    public void onDisplaced() {
      if (!closed) {
        listener.onRemoved();
      }
    }

    @Override
    public void onFailed(ZkException reason) {
      if (!closed) {
        listener.onFailed(reason);
      }
    }
  }

  private final class SelfEnd implements OwnNodeWatch.Listener {

    @Override
    public void onRemoved() {
      if (!closed) {
        listener.onRemoved();
      }
    }

    @Override
    public void onData(byte[] data) {
      if (!closed) {
        listener.onData(data);
      }
    }
  }
}
