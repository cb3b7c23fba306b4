package io.zookit.config;

import io.zookit.config.format.Diff;
import java.time.Instant;
import java.util.List;

/**
 * Operations across namespaces and environments: comparing, copying, searching, and one audit of all.
 *
 * <p><i>Threads:</i> any; every method queries ZooKeeper and waits, at most the store's timeout for each request.
 *
 * <p><i>Failure:</i> {@link io.zookit.core.ZkUnavailableException} if ZooKeeper cannot be reached. A namespace that is
 * damaged or that this client may not read hides no other: {@link #search} and {@link #audit} report it with its reason.
 *
 * <p><i>Cost:</i> {@link #search} and {@link #audit} read many nodes in each round trip: three to list the namespaces, one
 * for each 128 heads, and one for each 16 releases or 128 audit entries.
 */
public interface Environments {

  /**
   * The difference of what is stable in two namespaces.
   *
   * @param from the namespace that the difference starts from
   * @param fromRelease its stable release; 0 for none
   * @param to the namespace that the difference leads to
   * @param toRelease its stable release; 0 for none
   * @param same whether all values are the same; of texts without keys, whether the text is. False if a secret could not be
   *     compared
   * @param diff from one to the other; values of secrets are hidden
   * @param uncompared the secret keys of both whose values could not be compared, because a key to open them is missing; the
   *     difference does not have them
   */
  record Comparison(
      Namespace from,
      int fromRelease,
      Namespace to,
      int toRelease,
      boolean same,
      Diff diff,
      List<String> uncompared) {

    /** Creates a comparison. */
    public Comparison {
      uncompared = List.copyOf(uncompared);
    }
  }

  /**
   * A value of a key that was searched.
   *
   * @param namespace the namespace that has it
   * @param release the release that has it
   * @param rule {@code stable}, or {@code gray} and the name of the gray release
   * @param key the flat key
   * @param value its value; hidden if it is secret
   * @param secret whether it is
   */
  record KeyMatch(
      Namespace namespace, int release, String rule, String key, String value, boolean secret) {}

  /**
   * Result of a search.
   *
   * @param matches in the order of namespaces; of each the stable release first
   * @param unreadable what could not be searched
   */
  record KeySearch(List<KeyMatch> matches, List<ConfigStore.Unreadable> unreadable) {

    /** Creates a result. */
    public KeySearch {
      matches = List.copyOf(matches);
      unreadable = List.copyOf(unreadable);
    }
  }

  /** A change and the namespace that it was made in. */
  record NamespaceEntry(Namespace namespace, History.Entry entry) {}

  /**
   * An opening of secrets, by {@link History#reveal}, {@link #portable} or {@link #copy}. What applications open because they
   * follow a namespace is not entered.
   *
   * @param namespace whose secrets were opened
   * @param keys their keys with commas in between; cut if they are longer than an entry of the audit may be
   * @param author the author, as the client claimed
   * @param identities the identities that the servers authenticated its connection as
   * @param client the label of the client
   * @param at when, by the clock of the client
   */
  record Disclosure(
      Namespace namespace,
      String keys,
      String author,
      List<String> identities,
      String client,
      Instant at) {

    /** Creates a disclosure. */
    public Disclosure {
      identities = List.copyOf(identities);
    }
  }

  /**
   * The changes of several namespaces.
   *
   * @param entries newest first by the clocks of their authors; those of one namespace in their order
   * @param unreadable what could not be read
   */
  record AuditTrail(List<NamespaceEntry> entries, List<ConfigStore.Unreadable> unreadable) {

    /** Creates a trail. */
    public AuditTrail {
      entries = List.copyOf(entries);
      unreadable = List.copyOf(unreadable);
    }
  }

  /**
   * Compares what is stable in two namespaces, of one environment or of two.
   *
   * <p>A secret of both is opened on one side and compared by the keyed hash that the other is stored with; neither value
   * is shown or returned.
   *
   * @throws ConfigNotFoundException if one does not exist
   */
  Comparison compare(Namespace from, Namespace to) throws InterruptedException;

  /**
   * Returns the content of a release for another environment, with its secrets opened and marked, so that publishing it
   * there seals them with the keys of that environment. Leaves an entry in the audit, as {@link History#reveal} does.
   *
   * @param release a name as {@link History} has it
   * @throws ConfigNotFoundException if there is no such release
   * @throws io.zookit.config.secret.SecretException if it has secrets and a key to open them is missing
   */
  Content portable(Namespace from, String release) throws InterruptedException;

  /**
   * Makes what is stable in one namespace the next stable release of another; secrets are re-encrypted with the keys of its
   * environment. If the other has the same content, there is no new release. A change without a reason gets one that names
   * the origin.
   *
   * @return the stable release of {@code to}
   * @throws ConfigNotFoundException if nothing is stable in {@code from}
   * @throws ConfigConflictException as for {@link ConfigStore#publish(Namespace, Content, Change)}
   * @throws ConfigRejectedException if the content is not valid by the policy of {@code to}
   * @throws ConfigRefusedException as for {@link ConfigStore#publish(Namespace, Content, Change)}
   * @throws io.zookit.config.secret.SecretException if a key to open or to seal a secret is missing
   */
  Release copy(Namespace from, Namespace to, Change change) throws InterruptedException;

  /**
   * Searches keys in everything that is in force: the stable and the gray releases of namespaces that are not deleted. Texts
   * without keys are not searched.
   *
   * @param pattern a flat key, in which {@code *} stands for any characters
   * @param prefix what the names of the namespaces begin with; empty for all
   */
  KeySearch search(String pattern, String prefix) throws InterruptedException;

  /**
   * Returns the newest changes of all namespaces, deleted ones too. An entry that set a policy has the contents of both
   * policies.
   *
   * @param prefix what the names of the namespaces begin with; empty for all
   * @param most how many at most
   */
  AuditTrail audit(String prefix, int most) throws InterruptedException;

  /**
   * Returns the newest openings of secrets, newest first, of the days that the audit is kept.
   *
   * <p><i>Cost:</i> two requests for each day of the audit, and one for each 128 entries, until there are enough.
   *
   * @param prefix what the names of the namespaces begin with; empty for all
   * @param most how many at most
   */
  List<Disclosure> revealed(String prefix, int most) throws InterruptedException;
}
