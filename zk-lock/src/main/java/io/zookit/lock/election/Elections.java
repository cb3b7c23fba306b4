package io.zookit.lock.election;

import io.zookit.core.LiveValue;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The candidates and observers of one client. Used on the loop. */
final class Elections implements Engine, SessionListener {

  private final CoreClient client;
  private final LockEngine engine;
  private final Set<QueuedCandidacy> candidates = new LinkedHashSet<>();
  private final Set<FollowedLeader> followers = new LinkedHashSet<>();
  private boolean closed;

  private Elections(CoreClient client) {
    this.client = client;
    this.engine =
        LockEngine.in(client); // created first, so it is notified of sessions first and closed last
  }

  static Elections in(CoreClient client) {
    return client.engine(Elections.class, Elections::new);
  }

  @Override
  public void start() {
    client.onSessions(this);
  }

  LockEngine engine() {
    return engine;
  }

  Candidacy join(Claim claim, String label, LeaderListener listener, Duration drain) {
    Candidate candidate = new Candidate(engine, claim, label, listener, drain);
    QueuedCandidacy candidacy = new QueuedCandidacy(this, candidate);
    client.loop().execute(() -> {
      if (closed) {
        candidacy.onClientClosed();
      } else {
        candidates.add(candidacy);
        candidacy.join();
      }
    });
    return candidacy;
  }

  LiveValue<Optional<Leader>> follow(LockQueue queue) {
    FollowedLeader follower = new FollowedLeader(this, queue);
    client.loop().execute(() -> {
      if (closed) {
        follower.value().close();
      } else {
        followers.add(follower);
        engine.connected().ifPresent(handle -> follower.look());
      }
    });
    return follower.value();
  }

  void forget(QueuedCandidacy candidacy) {
    candidates.remove(candidacy);
  }

  void forget(FollowedLeader follower) {
    followers.remove(follower);
  }

  @Override
  public void onConnected(SessionHandle handle) {
    new ArrayList<>(candidates).forEach(candidacy -> candidacy.onConnected(handle));
    new ArrayList<>(followers).forEach(FollowedLeader::look);
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    followers.forEach(FollowedLeader::onSuspect);
  }

  @Override
  public void onLost(SessionHandle handle) {
    followers.forEach(FollowedLeader::onSessionLost);
  }

  @Override
  public void close() {
    client.loop().execute(() -> {
      closed = true;
      new ArrayList<>(candidates).forEach(QueuedCandidacy::onClientClosed);
      new ArrayList<>(followers).forEach(follower -> follower.value().close());
    });
  }
}
