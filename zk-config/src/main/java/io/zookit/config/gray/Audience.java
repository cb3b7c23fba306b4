package io.zookit.config.gray;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rule that says which instances get a gray release: a description, and perhaps a dose of those described.
 *
 * <p>{@link #toString} is the text that {@link #parse} reads. Immutable; equal rules are equal.
 */
public final class Audience {

  private final List<Condition> terms;
  private final @Nullable RolloutShare dose;

  Audience(List<Condition> terms, @Nullable RolloutShare dose) {
    this.terms = List.copyOf(terms);
    this.dose = dose;
  }

  /** Every instance. */
  public static Audience everyone() {
    return of(new Condition.Everyone());
  }

  /** The instances of these ids, at most 100. */
  public static Audience instances(String... ids) {
    return of(new Condition.Listed(List.of(ids)));
  }

  /** The instances with an address in a range such as {@code 10.1.0.0/16}. */
  public static Audience ip(String range) {
    return of(new Condition.InRange(new Cidr(range)));
  }

  /** The instances with a label. */
  public static Audience label(String name, String value) {
    return of(new Condition.Labelled(name, value));
  }

  /** The instances that an audience without a dose does not describe. */
  public static Audience not(Audience audience) {
    return of(new Condition.Not(audience));
  }

  /** The instances that at least one of these describes; none has a dose. */
  public static Audience any(Audience... audiences) {
    return of(new Condition.Any(List.of(audiences)));
  }

  /** A share of all instances, sticky by a hash of their ids; more than 0, at most 100, three decimals. */
  public static Audience percent(double percent) {
    return new Audience(
        List.of(), RolloutShare.Percent.of(new BigDecimal(Double.toString(percent))));
  }

  /** Exactly that number of the instances that are alive when the release starts. */
  public static Audience count(int instances) {
    return new Audience(List.of(), new RolloutShare.Count(instances));
  }

  /** Those that match both; at most one of the two has a dose. */
  public Audience and(Audience other) {
    if (dose != null && other.dose != null) {
      throw new IllegalArgumentException(
          "audience: " + this + " && " + other + " (expected: at most one of percent and count)");
    }
    return new Audience(
        Stream.concat(terms.stream(), other.terms.stream()).toList(),
        dose == null ? other.dose : dose);
  }

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException if it is not in the language; the text says where
   */
  public static Audience parse(String text) {
    return new AudienceParser(text).parse();
  }

  /** Reads a rule that may be of a later language; empty when this version does not know it. */
  public static Optional<Audience> read(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Tells if the rule asks for an exact number of instances. */
  public boolean isCounted() {
    return dose instanceof RolloutShare.Count;
  }

  /** Tells if an instance is described, whatever the dose. */
  public boolean describes(Instance instance) {
    return terms.stream().allMatch(term -> term.matches(instance));
  }

  Optional<RolloutShare> dose() {
    return Optional.ofNullable(dose);
  }

  void requireNoDose(String where) {
    if (dose != null) {
      throw new IllegalArgumentException(
          where + ": " + this + " (expected: no percent or count inside)");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Audience that
        && terms.equals(that.terms)
        && Objects.equals(dose, that.dose);
  }

  @Override
  public int hashCode() {
    return Objects.hash(terms, dose);
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>(terms.stream().map(Object::toString).toList());
    if (dose != null) {
      parts.add(dose.toString());
    }
    return parts.stream().collect(Collectors.joining(" && "));
  }

  private static Audience of(Condition term) {
    return new Audience(List.of(term), null);
  }
}
