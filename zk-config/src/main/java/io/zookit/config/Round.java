package io.zookit.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try of everything that is new in a store. Namespaces that were published together come into force together, or none
 * of them does.
 */
record Round(List<View.Question> questions) {

  private static final Logger log = LoggerFactory.getLogger(Round.class);

  boolean isEmpty() {
    return questions.isEmpty();
  }

  /** Whether no code of users is asked, and little is to be put together. */
  boolean isQuick() {
    return questions.stream().allMatch(View.Question::isQuick);
  }

  /** Answers every question, whatever is thrown. Runs code of users: on a lane, unless it is quick. */
  List<View.Answer> answers(Function<View.Question, Optional<LocalOverride>> overrides) {
    List<View.Answer> answers = new ArrayList<>();
    Set<String> refused = new LinkedHashSet<>();
    for (View.Question question : questions) {
      View.Answer answer =
          sure(question, () -> View.answer(question, overrides.apply(question)));
      answers.add(answer);
      if (!answer.problems().isEmpty()) {
        refused.addAll(question.bundles());
      }
    }
    answers.replaceAll(answer -> {
      boolean drawnIn = answer.problems().isEmpty()
          && answer.question().bundles().stream().anyMatch(refused::contains);
      return drawnIn ? drawnIn(answer) : answer;
    });
    return answers;
  }

  private static View.Answer drawnIn(View.Answer answer) {
    List<String> why = List.of("published together with a release that was refused");
    return sure(
        answer.question(), () -> View.fallBack(answer.question(), why, answer.override()));
  }

  /** One that cannot even be tried is refused: who waits for the round must hear of its end. */
  private static View.Answer sure(View.Question question, Supplier<View.Answer> tried) {
    try {
      return tried.get();
    } catch (Throwable e) {
      log.error("config {}: a release cannot be tried", question.view().namespace(), e);
      return View.refusing(
          question, List.of("failed with " + e.getClass().getName()), Optional.empty());
    }
  }
}
