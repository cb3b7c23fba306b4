package io.zookit.config;

import io.zookit.core.ZkException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of the namespace, or its policy, does not allow the change now. Nothing has happened. */
public final class ConfigRefusedException extends ZkException {

  private final transient Drafts.@Nullable ApprovalRequest request;

  /** Creates an exception for a change that no approval would help. */
  public ConfigRefusedException(Namespace namespace, String reason) {
    super(namespace + ": " + reason);
    this.request = null;
  }

  /** Creates an exception for a change that can be approved. */
  public ConfigRefusedException(
      Namespace namespace, String reason, Drafts.ApprovalRequest request) {
    super(namespace + ": " + reason);
    this.request = request;
  }

  /**
   * The request whose approval would allow the change, to be stored with {@link Drafts#submit}; empty if approvals are not
   * what is missing, or if a draft has to bring them.
   */
  public Optional<Drafts.ApprovalRequest> request() {
    return Optional.ofNullable(request);
  }
}
