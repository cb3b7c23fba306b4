package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try of everything that is new in a store.
 *
 * <p>What was published together, a <i>bundle</i>, comes into force together or not at all. A view that refuses a
 * bundle withholds it from the others until something else comes into force there; then those that waited are tried
 * again, in the same batch.
 *
 * @param standing the bundles that are withheld by views that are not part of it
 */
record ApplyBatch(List<NamespaceView.EvaluationRequest> questions, Set<String> standing) {

  private static final Logger log = LoggerFactory.getLogger(ApplyBatch.class);

  /** Asks all views that have something new, and those that withhold a bundle together with one of them. On the loop. */
  static ApplyBatch of(
      Collection<NamespaceView> views, Predicate<NamespaceView.EvaluationRequest> ready) {
    Map<NamespaceView, NamespaceView.EvaluationRequest> asked = new LinkedHashMap<>();
    views.forEach(
        view -> view.question().filter(ready).ifPresent(question -> asked.put(view, question)));
    boolean more = !asked.isEmpty();
    while (more) {
      more = false;
      Set<String> touched = withheldBy(asked.keySet());
      for (NamespaceView view : views) {
        if (!asked.containsKey(view) && !Collections.disjoint(view.withheld(), touched)) {
          Optional<NamespaceView.EvaluationRequest> question = view.all().filter(ready);
          question.ifPresent(beside -> asked.put(view, beside));
          more |= question.isPresent();
        }
      }
    }
    List<NamespaceView> quiet = new ArrayList<>(views);
    quiet.removeAll(asked.keySet());
    return new ApplyBatch(List.copyOf(asked.values()), withheldBy(quiet));
  }

  private static Set<String> withheldBy(Collection<NamespaceView> views) {
    Set<String> all = new HashSet<>();
    views.forEach(view -> all.addAll(view.withheld()));
    return all;
  }

  boolean isEmpty() {
    return questions.isEmpty();
  }

  /** Tells if no code of users is called, and little is to be merged. */
  boolean isQuick() {
    return questions.stream().allMatch(NamespaceView.EvaluationRequest::isQuick);
  }

  /** Answers every question, whatever is thrown. Runs code of users: on a lane, unless it is quick. */
  List<NamespaceView.Evaluation> answers(
      Function<NamespaceView.EvaluationRequest, Optional<LocalOverride>> overrides) {
    try {
      List<NamespaceView.Evaluation> answers = new ArrayList<>();
      for (NamespaceView.EvaluationRequest question : questions) {
        answers.add(
            sure(question, () -> NamespaceView.answer(question, overrides.apply(question))));
      }
      return together(answers);
    } catch (Throwable e) {
      return refusals(e);
    }
  }

  /**
   * Refuses what passed and was rejected afterwards, and what was published together with it. Runs code of users: on a lane,
   * unless it is quick.
   *
   * @param rejected reasons by namespace
   */
  List<NamespaceView.Evaluation> without(
      List<NamespaceView.Evaluation> answers, Map<Namespace, Set<String>> rejected) {
    try {
      List<NamespaceView.Evaluation> left = new ArrayList<>();
      for (NamespaceView.Evaluation answer : answers) {
        Set<String> why = rejected.get(answer.question().view().namespace());
        left.add(why == null || !answer.problems().isEmpty() ? answer : fallenBack(answer, why));
      }
      return together(left);
    } catch (Throwable e) {
      return refusals(e);
    }
  }

  /** Draws in what was published together with something that was refused. */
  private List<NamespaceView.Evaluation> together(List<NamespaceView.Evaluation> answers) {
    Set<String> refused = refused(answers);
    if (refused.isEmpty()) {
      return answers;
    }
    List<String> why = List.of("published together with a release that was refused");
    return answers.stream()
        .map(answer -> answer.problems().isEmpty() && !isFree(answer, refused)
            ? fallenBack(answer, why)
            : answer)
        .toList();
  }

  /** Refusals of everything, after something was thrown. */
  List<NamespaceView.Evaluation> refusals(Throwable why) {
    return questions.stream().map(question -> refusal(question, why)).toList();
  }

  /** The bundles that do not come into force: a view that refuses one, or waits for one, withholds all of its own. */
  private Set<String> refused(List<NamespaceView.Evaluation> answers) {
    Set<String> refused = new HashSet<>(standing);
    boolean more = true;
    while (more) {
      more = false;
      for (NamespaceView.Evaluation answer : answers) {
        if (!answer.problems().isEmpty() || !isFree(answer, refused)) {
          more |= refused.addAll(answer.question().bundles());
          more |= refused.addAll(answer.question().withheld());
        }
      }
    }
    return refused;
  }

  private static boolean isFree(NamespaceView.Evaluation answer, Set<String> refused) {
    return Collections.disjoint(answer.question().bundles(), refused);
  }

  private static NamespaceView.Evaluation fallenBack(
      NamespaceView.Evaluation answer, Collection<String> why) {
    NamespaceView.EvaluationRequest question = answer.question();
    return sure(
        question, () -> NamespaceView.fallBack(question, List.copyOf(why), answer.override()));
  }

  /** Refuses what cannot even be tried, so that the batch ends for the views that wait for it. */
  static NamespaceView.Evaluation sure(
      NamespaceView.EvaluationRequest question, Supplier<NamespaceView.Evaluation> tried) {
    try {
      return tried.get();
    } catch (Throwable e) {
      return refusal(question, e);
    }
  }

  /** Refuses what failed; tried again when there may be more memory. */
  static NamespaceView.Evaluation refusal(NamespaceView.EvaluationRequest question, Throwable e) {
    log.error("config {}: a release cannot be tried", question.view().namespace(), e);
    List<String> why = List.of("failed with " + e.getClass().getName());
    NamespaceView.Evaluation refusing = NamespaceView.refusing(question, why, Optional.empty());
    return e instanceof VirtualMachineError ? refusing.forNow() : refusing;
  }
}
