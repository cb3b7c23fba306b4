package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.core.internal.lane.SerialLane;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tries candidates of verified publishes without using them.
 *
 * <p><i>Threads:</i> used on the loop; tries on the lane.
 */
final class CandidateJudge {

  private final SerialLane loop;
  private final SerialLane lane;
  private final Participants participants;

  CandidateJudge(SerialLane loop, SerialLane lane, Participants participants) {
    this.loop = loop;
    this.lane = lane;
    this.participants = participants;
  }

  /**
   * Tries a candidate in all views that use its namespace, and with their participants.
   *
   * @param questions what each of these views would have
   * @param reply receives the problems, none if it can be used; empty if a participant cannot tell yet
   */
  void judge(
      List<NamespaceView.EvaluationRequest> questions, Consumer<Optional<List<String>>> reply) {
    lane.execute(() -> {
      Set<String> problems = new LinkedHashSet<>();
      Map<Namespace, ConfigSnapshot> candidates = new HashMap<>();
      for (NamespaceView.EvaluationRequest question : questions) {
        NamespaceView.Evaluation tried =
            ApplyBatch.sure(question, () -> NamespaceView.answer(question, Optional.empty()));
        problems.addAll(tried.problems());
        if (tried.snapshot() != null) {
          candidates.put(question.view().namespace(), tried.snapshot());
        }
      }
      loop.execute(() -> {
        if (problems.isEmpty()) {
          participants.judge(candidates, found -> reply.accept(found.map(List::copyOf)));
        } else {
          reply.accept(Optional.of(List.copyOf(problems)));
        }
      });
    });
  }
}
