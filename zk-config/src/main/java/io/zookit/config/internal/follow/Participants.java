package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The participants of a store. Used on the loop. */
final class Participants {

  private final Set<ParticipantBinding> bindings = new LinkedHashSet<>();
  private final Predicate<Namespace> isAbsent;

  /**
   * Creates a set without any.
   *
   * @param isAbsent tells if a namespace is known not to exist
   */
  Participants(Predicate<Namespace> isAbsent) {
    this.isAbsent = isAbsent;
  }

  void add(ParticipantBinding binding) {
    bindings.add(binding);
  }

  void remove(ParticipantBinding binding) {
    bindings.remove(binding);
  }

  /** The participants of a namespace. */
  List<ParticipantBinding> of(Namespace ns) {
    return bindings.stream()
        .filter(binding -> binding.namespaces().contains(ns))
        .toList();
  }

  void close() {
    new ArrayList<>(bindings).forEach(ParticipantBinding::close);
    bindings.clear();
  }

  /** Begins a batch: what was accepted or rejected in an earlier one no longer counts. */
  void reset() {
    bindings.forEach(ParticipantBinding::reset);
  }

  /**
   * Has the participants prepare for which something is new.
   *
   * @param candidates what would be in force of the namespaces of the batch
   * @param reply receives the reasons by rejected namespace; at once if nothing is new for a participant
   */
  void prepare(
      Map<Namespace, ConfigSnapshot> candidates, Consumer<Map<Namespace, Set<String>>> reply) {
    Map<ParticipantBinding, Map<Namespace, ConfigSnapshot>> asked = new LinkedHashMap<>();
    for (ParticipantBinding binding : bindings) {
      binding
          .together(candidates, isAbsent)
          .filter(binding::isNew)
          .ifPresent(all -> asked.put(binding, all));
    }
    Map<Namespace, Set<String>> rejected = new LinkedHashMap<>();
    if (asked.isEmpty()) {
      reply.accept(rejected);
      return;
    }
    Set<ParticipantBinding> missing = new LinkedHashSet<>(asked.keySet());
    asked.forEach((binding, all) -> binding.prepare(all, reasons -> {
      if (reasons.isEmpty()) {
        binding.toAccepted(all);
      } else {
        binding.toRejected(all);
        binding
            .namespaces()
            .forEach(
                ns -> rejected.computeIfAbsent(ns, any -> new LinkedHashSet<>()).addAll(reasons));
      }
      missing.remove(binding);
      if (missing.isEmpty()) {
        reply.accept(rejected);
      }
    }));
  }

  /** Commits what is in force, for the participants that accepted it. */
  void commit() {
    for (ParticipantBinding binding : new ArrayList<>(bindings)) {
      binding.together(Map.of(), isAbsent).ifPresentOrElse(binding::commit, binding::reset);
    }
  }

  /**
   * Has the participants of some namespaces try candidates that do not come into force.
   *
   * @param reply receives why they cannot be used; empty if a participant cannot tell yet
   */
  void judge(Map<Namespace, ConfigSnapshot> candidates, Consumer<Optional<Set<String>>> reply) {
    Map<ParticipantBinding, Map<Namespace, ConfigSnapshot>> asked = new LinkedHashMap<>();
    for (ParticipantBinding binding : bindings) {
      if (!Collections.disjoint(binding.namespaces(), candidates.keySet())) {
        Optional<Map<Namespace, ConfigSnapshot>> all = binding.together(candidates, isAbsent);
        if (all.isEmpty()) {
          reply.accept(Optional.empty());
          return;
        }
        asked.put(binding, all.get());
      }
    }
    Set<String> problems = new LinkedHashSet<>();
    Set<ParticipantBinding> missing = new LinkedHashSet<>(asked.keySet());
    if (missing.isEmpty()) {
      reply.accept(Optional.of(problems));
      return;
    }
    asked.forEach((binding, all) -> binding.prepare(all, reasons -> {
      problems.addAll(reasons);
      missing.remove(binding);
      if (missing.isEmpty()) {
        reply.accept(Optional.of(problems));
      }
    }));
  }
}
