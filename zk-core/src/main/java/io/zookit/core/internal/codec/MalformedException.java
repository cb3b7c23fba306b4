package io.zookit.core.internal.codec;

/** Stored bytes do not have the shape of a record. Never leaves the codec, so it takes no stack. */
final class MalformedException extends Exception {

  private final String place;
  private final String problem;

  MalformedException(String problem) {
    this("", problem);
  }

  private MalformedException(String place, String problem) {
    super(problem, null, false, false);
    this.place = place;
    this.problem = problem;
  }

  /** The same, one level further out: {@code .ports}, {@code [2]}. */
  MalformedException in(String outer) {
    return new MalformedException(outer + place, problem);
  }

  /** The field and what is wrong with it: {@code ports[2].number: missing}. */
  String reason() {
    if (place.isEmpty()) {
      return problem;
    }
    return (place.startsWith(".") ? place.substring(1) : place) + ": " + problem;
  }
}
