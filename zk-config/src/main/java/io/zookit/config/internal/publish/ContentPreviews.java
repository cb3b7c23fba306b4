package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigRejectedException;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.PublishPreview;
import io.zookit.config.format.Diff;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.zk.Sealer;
import io.zookit.config.internal.zk.StoredConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Previews of publishing contents: the difference, and everything that would refuse them but approvals. */
public final class ContentPreviews {

  private final StoredConfigReader reader;
  private final ReleasePublisher publishing;
  private final Sealer sealer;
  private final ContentValidators checks;

  public ContentPreviews(
      StoredConfigReader reader,
      ReleasePublisher publishing,
      Sealer sealer,
      ContentValidators checks) {
    this.reader = reader;
    this.publishing = publishing;
    this.sealer = sealer;
    this.checks = checks;
  }

  /** Previews the publishing of a content. */
  public PublishPreview preview(Namespace ns, Content content) throws InterruptedException {
    Head head = reader.head(ns).head();
    Policy policy = reader.policy(ns).policy();
    List<String> problems = new ArrayList<>();
    try {
      publishing.requirePublishable(ns, head, Change.by("preview"));
    } catch (ConfigRefusedException e) {
      problems.add(Objects.requireNonNullElse(e.getMessage(), "refused"));
    }
    Content stable = reader.stable(ns, head, content.format());
    Content sealed = content;
    try {
      sealed = sealer.seal(ns, policy, content, stable);
      problems.addAll(checks.problems(ns, policy, sealed));
    } catch (ConfigRejectedException e) {
      problems.addAll(e.problems());
    }
    Diff diff = Sealer.difference("@stable", stable, "proposed", sealed);
    return new PublishPreview(
        head.lastRelease() + 1,
        head.stableNumber(),
        PreparedContent.of(sealed).isSameAs(head),
        diff,
        List.copyOf(problems),
        reader.acks(ns).size());
  }
}
