package io.zookit.registry.internal.consumer;

import io.zookit.core.Subscription;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.health.PhiDetector;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.selection.SelectionResult;
import io.zookit.registry.internal.selection.ServiceMember;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredHeartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Monitors the heartbeats of instances without recent call results in this process: about every {@value
 * #PERIOD_SECONDS} s, one request for at most {@value Multi#MOST_READS} of them in turn. Confined to the loop.
 *
 * <p>The silence of an instance is the newest of all beats in the same answer minus its own, both by the leader's
 * clock. With another leader, and after a pause of this process, all measurements start over.
 */
final class HeartbeatMonitor {

  static final double SUSPICIOUS = 8;
  private static final int PERIOD_SECONDS = 10;
  private static final long RECENT_NANOS = 5_000_000_000L;
  private static final int EPOCH_BITS = 32;

  private final RegistryRuntime runtime;
  private final ServicePaths place;
  private final ViewPublisher publisher;
  private final Map<String, PhiDetector> detectors = new HashMap<>();
  private @Nullable Subscription next;
  private long epoch;
  private long lastAt;
  private int turn;

  HeartbeatMonitor(RegistryRuntime runtime, ServicePaths place, ViewPublisher publisher) {
    this.runtime = runtime;
    this.place = place;
    this.publisher = publisher;
  }

  void start() {
    if (next == null) {
      next = runtime.later(Backoff.spread(Duration.ofSeconds(PERIOD_SECONDS)), this::listen);
    }
  }

  void stop() {
    if (next != null) {
      next.close();
      next = null;
    }
  }

  private void listen() {
    next = null;
    start();
    SessionHandle handle = runtime.connected().orElse(null);
    List<SelectionResult.Placed> silent = silent();
    if (handle != null && !silent.isEmpty()) {
      List<String> paths =
          silent.stream().map(each -> place.beat(each.ref()).value()).toList();
      Multi.readNodes(handle, paths, beats -> {
        if (beats.stream().allMatch(Answer::isAnswered)) {
          onBeats(silent, beats);
        }
      });
    }
  }

  private List<SelectionResult.Placed> silent() {
    long now = runtime.client().timekeeper().nanos();
    List<SelectionResult.Placed> all = new ArrayList<>();
    for (SelectionResult.Placed each : publisher.selection().placed()) {
      if (now - each.member().stats().heardAt() > RECENT_NANOS) {
        all.add(each);
      } else {
        publisher.suspicions().remove(each.member().id());
      }
    }
    int from = all.size() <= Multi.MOST_READS ? 0 : (turn++ * Multi.MOST_READS) % all.size();
    return all.subList(from, Math.min(all.size(), from + Multi.MOST_READS));
  }

  private void onBeats(List<SelectionResult.Placed> asked, List<Answer<Node>> beats) {
    long now = runtime.client().timekeeper().nanos();
    long newest = 0;
    long newestEpoch = epoch;
    for (Answer<Node> beat : beats) {
      if (beat.isOk()) {
        newest = Math.max(newest, beat.get().stat().getMtime());
        newestEpoch = Math.max(newestEpoch, beat.get().stat().getMzxid() >>> EPOCH_BITS);
      }
    }
    boolean anew = newestEpoch != epoch || now - lastAt > 3L * PERIOD_SECONDS * 1_000_000_000L;
    epoch = newestEpoch;
    lastAt = now;
    if (anew) {
      detectors.clear();
    }
    for (int i = 0; i < asked.size(); i++) {
      evaluate(asked.get(i).member(), beats.get(i), newest, now);
    }
    detectors.keySet().retainAll(publisher.selection().inputs().names());
    publisher.suspicions().retain(publisher.selection().members());
  }

  private void evaluate(ServiceMember member, Answer<Node> beat, long newest, long now) {
    if (!beat.isOk()) {
      detectors.remove(member.name());
      publisher.suspicions().remove(member.id());
      publisher.suspect(member.name(), Optional.empty());
      return;
    }
    Optional<StoredHeartbeat> said = StoredHeartbeat.decode(beat.get().data());
    long period = said.map(StoredHeartbeat::periodMillis).orElse(PERIOD_SECONDS * 1000L);
    PhiDetector detector =
        detectors.computeIfAbsent(member.name(), name -> new PhiDetector(period));
    if (!detector.isStarted()) {
      detector.restart(newest);
    }
    detector.beat(beat.get().stat().getMtime(), period);
    said.ifPresent(each -> member.stats().reportLoad(now, each.load(), period * 1_000_000));
    double phi = detector.phi(newest);
    publisher.suspicions().put(member.id(), phi);
    publisher.suspect(
        member.name(), phi > SUSPICIOUS ? Optional.of("silent for too long") : Optional.empty());
  }
}
