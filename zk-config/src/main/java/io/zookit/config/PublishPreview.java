package io.zookit.config;

import io.zookit.config.format.Diff;
import java.util.ArrayList;
import java.util.List;

/**
 * Preview of a publish; nothing was changed.
 *
 * @param number the number the release would get
 * @param base the release that is stable now; 0 for none
 * @param unchanged whether the content is the stable one, so that there would be no release
 * @param diff from the stable release
 * @param problems why it would be refused; empty when it would not
 * @param instances how many live instances would get it
 */
public record PublishPreview(
    int number, int base, boolean unchanged, Diff diff, List<String> problems, int instances) {

  /** Returns a copy with one more problem. */
  public PublishPreview withProblem(String problem) {
    List<String> all = new ArrayList<>(problems);
    all.add(problem);
    return new PublishPreview(number, base, unchanged, diff, List.copyOf(all), instances);
  }
}
