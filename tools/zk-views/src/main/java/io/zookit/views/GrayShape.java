package io.zookit.views;

import io.zookit.config.GrayRelease;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import java.time.Instant;
import java.util.List;

/**
 * A gray release.
 *
 * @param step the present step, from 1
 * @param matched the live instances that are to have it
 * @param applied how many of them have it
 * @param rejected those that refused it, with reasons
 */
public record GrayShape(
    String namespace,
    String name,
    int release,
    int step,
    int steps,
    Audience audience,
    boolean paused,
    Instant since,
    List<String> matched,
    int applied,
    List<String> rejected) {

  /** The shape of a gray release and its status. */
  public static GrayShape of(GrayRelease gray, GrayRelease.Status status) {
    return new GrayShape(
        gray.namespace().toString(),
        gray.name(),
        gray.release(),
        status.step() + 1,
        status.steps(),
        status.audience(),
        status.paused(),
        status.since(),
        status.matched().stream().map(Instance::id).sorted().toList(),
        status.applied(),
        status.rejected());
  }
}
