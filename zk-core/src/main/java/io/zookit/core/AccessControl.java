package io.zookit.core;

import io.zookit.core.internal.access.AccessStore;
import io.zookit.core.internal.client.CoreClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The access policy of a root, stored in ZooKeeper: every client and every tool takes the access lists of the nodes it
 * creates from it, whatever policy it was built with.
 *
 * <pre>{@code
 * AccessControl access = AccessControl.in(client);
 * access.init(AccessPolicy.sharedBy(ana).withRole(Role.APPLICATION, shop));
 * access.grant(Role.VIEWER, support);
 * access.apply();
 * }</pre>
 *
 * <p>A change of the policy is followed by all clients at once, for what they create from then on. Nodes that exist keep
 * their lists until {@link #apply}.
 *
 * <p>Changes that would leave the policy without an admin, or this client without that role, are refused, because only
 * a super user of the servers could undo them; {@link #allowingLockOut} permits them.
 *
 * <p><i>Threads:</i> any; immutable. All methods block until ZooKeeper has answered.
 *
 * <p><i>Failure:</i> {@link ZkAccessException} if this client is not an admin; {@link ZkUnavailableException} if
 * ZooKeeper does not answer in time, the outcome is then unknown.
 */
public final class AccessControl {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final AccessStore store;

  private AccessControl(AccessStore store) {
    this.store = store;
  }

  /** The access policy of a client's root. */
  public static AccessControl in(ZkClient client) {
    CoreClient core = CoreClient.of(client);
    return new AccessControl(new AccessStore(core, core.audit(), LIMIT, false));
  }

  /** A copy that waits so long for each answer; 30 s unless set. */
  public AccessControl within(Duration limit) {
    return new AccessControl(store.within(limit));
  }

  /** A copy that does not refuse a policy without an admin or without this client as admin. */
  public AccessControl allowingLockOut() {
    return new AccessControl(store.allowingLockOut());
  }

  /**
   * The stored policy; empty if there is none.
   *
   * @throws ZkException if there is one that no client obeys: it cannot be read, or can be changed by others than its
   *     admins
   */
  public Optional<AccessPolicy> policy() throws InterruptedException {
    return store.policy();
  }

  /**
   * Stores the first policy of a root. It and all folders below the root that do not exist yet are created in one
   * transaction; those that exist, and the root, are then given their lists.
   *
   * @return the nodes directly below the root; deviations are those whose list could not be set
   * @throws RefusedException if there is a policy already, or if this one would lock its caller out
   */
  public Survey init(AccessPolicy policy) throws InterruptedException {
    return store.init(policy);
  }

  /**
   * Gives an identity a role.
   *
   * @return the policy now in force
   * @throws RefusedException if no policy is stored, or if no client could obey the new one
   */
  public AccessPolicy grant(Role role, Identity identity) throws InterruptedException {
    return store.change(policy -> policy.withRole(role, identity));
  }

  /**
   * Takes a role from an identity.
   *
   * @return the policy now in force
   * @throws RefusedException if no policy is stored, or if this would lock the caller out
   */
  public AccessPolicy revoke(Role role, Identity identity) throws InterruptedException {
    return store.change(policy -> policy.withoutRole(role, identity));
  }

  /**
   * Compares the lists of all nodes below the root with the stored policy. A folder directly below the root that does not
   * exist deviates, too: only an admin may create it. Changes nothing.
   */
  public Survey survey() throws InterruptedException {
    return store.survey(false);
  }

  /**
   * Gives every node below the root the list that the stored policy says, and creates the folders directly below the root
   * that do not exist.
   *
   * @return deviations are the nodes that were not changed, because this client has no {@link Permission#ADMIN} on them,
   *     and those that it may not create
   */
  public Survey apply() throws InterruptedException {
    return store.survey(true);
  }

  /**
   * The access lists that nodes have, compared with the stored policy.
   *
   * @param nodes how many nodes were looked at, with the missing folders
   * @param changed how many were given their list, or created; 0 after a mere look
   * @param deviations the nodes whose list is another one, or could not be read or set, and the missing folders
   */
  public record Survey(int nodes, int changed, List<Deviation> deviations) {

    /** Creates a survey. */
    public Survey {
      deviations = List.copyOf(deviations);
    }

    /**
     * A node whose list is not what the policy says.
     *
     * @param path the node
     * @param open whether its list names clients without any identity ({@code world:anyone})
     * @param reason what is wrong with it
     */
    public record Deviation(String path, boolean open, String reason) {}

    /** The number of deviating nodes that are open to clients without any identity. */
    public long openNodes() {
      return deviations.stream().filter(Deviation::open).count();
    }
  }

  /** A change of the stored policy was refused; nothing was changed. */
  public static final class RefusedException extends ZkException {

    private static final long serialVersionUID = 1;

    /** Creates an exception. */
    public RefusedException(String message) {
      super(message);
    }
  }
}
