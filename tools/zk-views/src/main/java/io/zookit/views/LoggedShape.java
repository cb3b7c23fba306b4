package io.zookit.views;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.config.GrayRelease;
import io.zookit.config.NamespaceState;
import io.zookit.config.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A release in the log of its namespace.
 *
 * @param release its fields stand next to {@code marks}
 * @param marks what it is now: {@code stable}, {@code gray NAME}, {@code voted on}, {@code pinned}; empty for a release of the
 *     past
 */
public record LoggedShape(@JsonUnwrapped Release release, List<String> marks) {

  /** The shape of a release, given the state of its namespace. */
  public static LoggedShape of(Release release, NamespaceState state, List<GrayRelease> grays) {
    OptionalInt number = OptionalInt.of(release.number());
    List<String> marks = new ArrayList<>();
    if (state.stable().equals(number)) {
      marks.add("stable");
    }
    grays.stream()
        .filter(gray -> gray.release() == release.number())
        .forEach(gray -> marks.add("gray " + gray.name()));
    if (state.candidate().equals(number)) {
      marks.add("voted on");
    }
    if (state.pins().contains(release.number())) {
      marks.add("pinned");
    }
    return new LoggedShape(release, List.copyOf(marks));
  }
}
