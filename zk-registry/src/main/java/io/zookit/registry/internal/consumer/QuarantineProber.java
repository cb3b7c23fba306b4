package io.zookit.registry.internal.consumer;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.registry.InstanceProbe;
import io.zookit.registry.internal.selection.ServiceMember;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Probes the instances in quarantine for their identity, at most {@value #BUDGET} at a time. Confined to the loop.
 *
 * <pre>
 *   due ──► asked ──its own id──► due again after 30 s
 *    ▲        │ no answer
 *    └─ 1 s ──┤ the first time
 *             └── the second time in a row, or another id: dead
 * </pre>
 */
final class QuarantineProber {

  /** Receives the results, on the loop. */
  interface ProbeListener {

    /** It is where it was. */
    void onAlive(ServiceMember member);

    /** It is not. */
    void onDead(ServiceMember member, String why);
  }

  static final int BUDGET = 8;
  static final Duration PATIENCE = Duration.ofSeconds(5);
  static final Duration SOON = Duration.ofSeconds(1);
  static final Duration AGAIN = Duration.ofSeconds(30);
  private static final int MOST_SILENCES = 2;

  /**
   * Progress of the probes of one instance.
   *
   * @param due the time of the next probe; without a meaning while a probe is in flight
   * @param silences the number of consecutive probes without an answer
   */
  private record Standing(ServiceMember member, long due, int silences, boolean asked) {

    Standing dueAt(long when, int silent) {
      return new Standing(member, when, silent, false);
    }
  }

  private final Timekeeper timekeeper;
  private final Executor loop;
  private final Executor lane;
  private final InstanceProbe probe;
  private final ProbeListener verdicts;
  private final Map<String, Standing> standings = new LinkedHashMap<>();
  private @Nullable Subscription alarm;
  private boolean paused = true;

  /**
   * Creates a prober that is paused until the first members are passed to it.
   *
   * @param lane executor on which the probe is called
   */
  QuarantineProber(
      Timekeeper timekeeper,
      Executor loop,
      Executor lane,
      InstanceProbe probe,
      ProbeListener verdicts) {
    this.timekeeper = timekeeper;
    this.loop = loop;
    this.lane = lane;
    this.probe = probe;
    this.verdicts = verdicts;
  }

  /** These are in quarantine now. */
  void probe(List<ServiceMember> members) {
    paused = false;
    Map<String, Standing> before = new HashMap<>(standings);
    standings.clear();
    for (ServiceMember member : members) {
      Standing known = before.get(member.name());
      standings.put(
          member.name(),
          known == null ? new Standing(member, timekeeper.nanos(), 0, false) : known);
    }
    ask();
  }

  /** Stops sending probes and ignores their answers, until {@link #probe(List)} is called again. */
  void pause() {
    paused = true;
    endAlarm();
  }

  private void ask() {
    endAlarm();
    long now = timekeeper.nanos();
    long underWay = standings.values().stream().filter(Standing::asked).count();
    long next = Long.MAX_VALUE;
    for (Standing standing : List.copyOf(standings.values())) {
      if (!standing.asked && now - standing.due < 0) {
        next = Math.min(next, standing.due - now);
      } else if (!standing.asked && underWay < BUDGET) {
        underWay++;
        ask(standing);
      }
    }
    if (next != Long.MAX_VALUE) {
      alarm = timekeeper.after(Duration.ofNanos(next), () -> loop.execute(this::onAlarm));
    }
  }

  private void onAlarm() {
    if (!paused) {
      ask();
    }
  }

  private void ask(Standing standing) {
    ServiceMember member = standing.member;
    Standing asked = new Standing(member, standing.due, standing.silences, true);
    standings.put(member.name(), asked);
    timekeeper.after(PATIENCE, () -> loop.execute(() -> onAnswer(asked, Optional.empty())));
    lane.execute(() -> {
      CompletionStage<Optional<String>> answer = probe.whoIsAt(member.instance());
      answer.whenComplete((id, failure) ->
          loop.execute(() -> onAnswer(asked, failure == null ? id : Optional.empty())));
    });
  }

  private void onAnswer(Standing asked, Optional<String> id) {
    ServiceMember member = asked.member;
    if (standings.get(member.name()) != asked) {
      return;
    }
    long now = timekeeper.nanos();
    if (paused) {
      standings.put(member.name(), asked.dueAt(now, asked.silences));
      return;
    }
    if (id.filter(member.instance().id()::equals).isPresent()) {
      standings.put(member.name(), asked.dueAt(now + AGAIN.toNanos(), 0));
      verdicts.onAlive(member);
    } else if (id.isEmpty() && asked.silences + 1 < MOST_SILENCES) {
      standings.put(member.name(), asked.dueAt(now + SOON.toNanos(), asked.silences + 1));
    } else {
      standings.remove(member.name());
      verdicts.onDead(member, id.map(other -> other + " is there").orElse("nobody answers"));
    }
    onAlarm();
  }

  private void endAlarm() {
    if (alarm != null) {
      alarm.close();
      alarm = null;
    }
  }
}
