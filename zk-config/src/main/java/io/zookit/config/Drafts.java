package io.zookit.config;

import io.zookit.config.format.Diff;
import java.util.List;
import java.util.Optional;

/**
 * The drafts of one namespace.
 *
 * <p><i>Threads:</i> any; every method asks ZooKeeper and waits, at most the store's patience.
 */
public interface Drafts {

  /**
   * A draft brought up to date.
   *
   * @param draft based on the stable release, not saved yet
   * @param conflicts the keys that were changed on both sides, differently; the draft has the stable values there
   */
  record Rebase(Draft draft, List<String> conflicts) {}

  /** All drafts by name. */
  List<Draft> list() throws InterruptedException;

  /** A draft; empty when there is none of that name. */
  Optional<Draft> find(String name) throws InterruptedException;

  /** The draft of that name, or a new one with the stable content, not saved yet. */
  Draft open(String name) throws InterruptedException;

  /**
   * Saves a draft, if it is as it was when this copy of it was read. Its secrets are sealed.
   *
   * @return the draft as it is saved now
   * @throws ConfigConflictException when somebody else saved or discarded it meanwhile
   */
  Draft save(Draft draft, Change change) throws InterruptedException;

  /**
   * Approves a draft as it is.
   *
   * @throws ConfigRefusedException when the author approves his own
   * @throws ConfigConflictException when it was saved or discarded meanwhile
   */
  Draft approve(Draft draft, Change change) throws InterruptedException;

  /**
   * Compares a draft with the release it is based on; secrets are hidden.
   *
   * @throws ConfigNotFoundException if that release does not exist
   */
  Diff diff(Draft draft) throws InterruptedException;

  /** Brings a draft up to the stable release, key by key; nothing is saved. */
  Rebase rebase(Draft draft) throws InterruptedException;

  /**
   * Deletes a draft, if it is as it was when this copy of it was read.
   *
   * @throws ConfigConflictException when somebody else saved it meanwhile
   */
  void discard(Draft draft) throws InterruptedException;
}
