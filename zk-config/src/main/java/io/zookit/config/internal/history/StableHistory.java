package io.zookit.config.internal.history;

import io.zookit.config.ConfigNotFoundException;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.zk.StoredConfigReader;
import org.jspecify.annotations.Nullable;

/**
 * The two ways back from the stable release: in time, and of rollbacks, which leaves out what was rolled back.
 *
 * <p>A rollback stands for the release whose content it has, so going back from it goes on behind that one. What was
 * never stable, an abandoned gray release or a refused candidate, is not a parent and never met.
 */
public final class StableHistory {

  private static final int LONGEST = 10_000;

  private final StoredConfigReader reader;
  private final Namespace ns;

  public StableHistory(StoredConfigReader reader, Namespace ns) {
    this.reader = reader;
    this.ns = ns;
  }

  /**
   * The release a number of steps back from the stable one on the way of rollbacks; 0 is the stable one.
   *
   * @throws ConfigNotFoundException if the trail ends before
   */
  public int back(Head head, int steps) throws InterruptedException {
    if (head.stable() == null) {
      throw new ConfigNotFoundException(ns, "a stable release");
    }
    int number = head.stableNumber();
    for (int i = 0; i < steps; i++) {
      Integer parent = parentOf(number);
      if (parent == null) {
        throw new ConfigNotFoundException(ns, "@stable~" + steps);
      }
      number = parent;
    }
    return number;
  }

  /**
   * The release that was stable a number of changes ago, rollbacks included; 0 for the stable one.
   *
   * @throws ConfigNotFoundException if there was nothing, or retention has removed a release on the way
   */
  int before(Head head, int steps) throws InterruptedException {
    int number = back(head, 0);
    for (int i = 0; i < steps; i++) {
      Integer parent = reader.presentRelease(ns, number).manifest().parent();
      if (parent == null) {
        throw new ConfigNotFoundException(ns, "@stable~" + steps);
      }
      number = parent;
    }
    return number;
  }

  private @Nullable Integer parentOf(int number) throws InterruptedException {
    Manifest manifest = reader.presentRelease(ns, number).manifest();
    for (int i = 0; manifest.kind() == Release.Kind.ROLLBACK && i < LONGEST; i++) {
      Integer restored = manifest.restores();
      if (restored == null) {
        break;
      }
      manifest = reader.presentRelease(ns, restored).manifest();
    }
    return manifest.parent();
  }
}
