package io.zookit.config;

import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The configurations of a cluster: read as live values, changed by numbered releases.
 *
 * <p>Cheap and not closeable; it ends with its client. Stores of one client and equal settings share what they follow:
 * one watch and one acknowledgement a namespace.
 *
 * <p><i>Threads:</i> any. {@link #follow}, {@link #bind} and {@link #listen} return at once. Everything else asks
 * ZooKeeper and waits, at most the store's timeout (15 s unless set) for each request.
 *
 * <p><i>Failure:</i> {@link io.zookit.core.ZkUnavailableException} when ZooKeeper cannot be reached. A change whose
 * answer is lost is sent again until it is known what became of it; when the timeout ends before, {@link
 * ConfigUnknownException}: it was applied once or not at all. A conflict with a change of its own is never reported.
 * {@link ConfigRefusedException} if the policy requires approvals that a change of what is in force does not have; see
 * {@link Drafts}.
 */
public interface ConfigStore {

  /**
   * One reason for a value.
   *
   * @param origin where it comes from
   * @param value its value in that layer; hidden if it is secret
   */
  record Explained(ConfigSnapshot.Origin origin, String value) {}

  /**
   * Something that cannot be read: it is damaged, of a later version, or this client may not read it.
   *
   * @param name a namespace {@code ENV/APP/NS}, a folder of namespaces {@code ENV/*} or {@code ENV/APP/*}, or the path of a
   *     node below the folder of the configuration
   * @param reason why not
   */
  record Unreadable(String name, String reason) {}

  /**
   * The namespaces there are.
   *
   * @param namespaces those that can be read, in order; deleted ones too
   * @param unreadable those that cannot, and folders that cannot be listed
   */
  record Inventory(List<NamespaceState> namespaces, List<Unreadable> unreadable) {

    /** Creates an inventory. */
    public Inventory {
      namespaces = List.copyOf(namespaces);
      unreadable = List.copyOf(unreadable);
    }
  }

  /**
   * Takes part in the releases of several namespaces: decides whether a release comes into force on this instance, and
   * receives what is in force, for all namespaces together. The base of any binding of values to objects.
   *
   * <pre>
   *   releases arrive ──► prepare(candidates) ──Accepted──► in force ──► commit(generation)
   *                              └──Rejected, thrown, too late──► the last good ones stay
   * </pre>
   *
   * <p>All namespaces are prepared and committed, each with its layers, as they would be in force together: those that a release
   * changes, and the others as they are. A namespace without a release is missing. Nothing is prepared before every namespace is
   * known to have a release or not to exist.
   *
   * <p>A change of a head that changes nothing in force, such as a candidate, is neither prepared nor committed.
   *
   * <p>{@code prepare} has no effect on its own. It may be called several times for the same candidates, and for candidates that
   * are never committed: those of a verified publish (see {@link #publishVerified}), and those that something else
   * refuses, such as another participant of namespaces that were published together.
   *
   * <p><i>Threads:</i> an executor of the client, never a thread of ZooKeeper. One call at a time.
   *
   * <p><i>Order:</i> generations are committed in their order, each one once.
   *
   * <p><i>Failure:</i> a {@code prepare} that throws rejects the candidates with the name of what was thrown as the reason. One
   * that does not return in time rejects them, too; what it returns later is ignored, and the newest candidates are prepared
   */
  interface Participant {

    /** Outcome of preparing candidates. */
    sealed interface Preparation permits Accepted, Rejected {}

    /** The candidates can be used. */
    record Accepted() implements Preparation {}

    /**
     * The candidates cannot be used: what they change stays out of force, for all handles of the store.
     *
     * @param reasons shown to operators; they should not quote values
     */
    record Rejected(List<String> reasons) implements Preparation {

      /** Creates a rejection. */
      public Rejected {
        reasons = List.copyOf(reasons);
        if (reasons.isEmpty()) {
          throw new IllegalArgumentException("reasons: none (expected: at least one)");
        }
      }

      /** Creates a rejection for one reason. */
      public Rejected(String reason) {
        this(List.of(reason));
      }
    }

    /**
     * Snapshots that are in force together.
     *
     * @param number 1 for the first of this participant, then one more each time
     * @param snapshots of the namespaces that have a release
     */
    record Generation(long number, Map<Namespace, ConfigSnapshot> snapshots) {

      /** Creates a generation. */
      public Generation {
        snapshots = Map.copyOf(snapshots);
      }
    }

    /**
     * Checks whether candidates can be used, without using them.
     *
     * @param candidates the namespaces that have a release, as they would be in force together
     */
    Preparation prepare(Map<Namespace, ConfigSnapshot> candidates);

    /** Uses what was prepared last and is in force now, for all namespaces of a transaction together. */
    void commit(Generation generation);

    /** The time that {@link #prepare} has before the candidates are rejected; 10 s unless overridden. */
    default Duration deadline() {
      return Duration.ofSeconds(10);
    }
  }

  /** The store of a client with the default settings. */
  static ConfigStore in(ZkClient client) {
    return builder(client).build();
  }

  /** Starts from a client. */
  static ConfigStoreBuilder builder(ZkClient client) {
    return new ConfigStoreBuilder(client);
  }

  /**
   * Follows a namespace with its layers. There is no value until it has a release.
   *
   * <p>While ZooKeeper cannot be reached, or a release cannot be used, the last good snapshot stays. Revisions never go
   * back.
   *
   * <p><i>Cost:</i> one watch and one ephemeral node for the namespace and each layer; two reads a release.
   */
  LiveValue<ConfigSnapshot> follow(Namespace ns);

  /**
   * Follows a namespace as a record; see {@code io.zookit.config.bind} for what is bound and how it is validated.
   *
   * <p><i>Failure:</i> a release that does not bind is refused whole, for all handles of this store, and acknowledged
   * so; the last good one stays. {@code current()} throws {@link ConfigRejectedException} when there never was a good
   * one.
   *
   * @throws IllegalArgumentException if the record has a component that cannot be bound
   */
  <T extends Record> LiveValue<T> bind(Namespace ns, Class<T> type);

  /** Follows a namespace and receives its changes by key, in order, the newest of several. */
  Subscription listen(Namespace ns, ConfigListener listener);

  /**
   * Follows several namespaces, each with its layers, for a participant that decides on their releases and receives them
   * together.
   *
   * <p><i>Failure:</i> a release that the participant rejects, or does not decide on within its deadline, is refused whole,
   * for all handles of this store, and acknowledged so with the reasons; the last good one stays. Other releases of the
   * store wait while a participant prepares.
   *
   * <p><i>Cost:</i> that of {@link #follow(Namespace)} for each namespace.
   *
   * @return closing it ends the calls; one that is running is not interrupted
   * @throws IllegalArgumentException if there is no namespace
   */
  Subscription follow(Set<Namespace> namespaces, Participant participant);

  /**
   * Follows the state of every namespace, for consoles: the live form of {@link #inventory}. Returns at once.
   *
   * <p>A namespace that can be read for the first time because its access list changed is shown after the next change of it,
   * or the next connect.
   *
   * <p><i>Cost:</i> once for a client, however many of these values are open: 1 watch; after each connect 1 request for
   * each environment, application and namespace; 1 for each change of a head. Every change of the configuration is an
   * event for this client, so this is not for what only reads its own namespace.
   */
  LiveValue<Inventory> followNamespaces();

  /**
   * Follows the status that each live instance of a namespace reports, for consoles: the live form of {@link #instances}.
   * Returns at once. The namespace need not exist.
   *
   * <p><i>Cost:</i> once for a client and namespace, however many of these values are open: 1 watch; after each connect 1
   * request, and 1 for each instance; 1 for each report. Every report is an event for this client.
   */
  LiveValue<List<InstanceReleaseStatus>> followInstances(Namespace ns);

  /** Changes the labels of this instance; the rules of gray releases are looked at again. */
  void relabel(Map<String, String> labels);

  /** The identity of this instance. */
  Instance instance();

  /**
   * The namespaces there are, deleted ones too, and those whose state cannot be read.
   *
   * @throws io.zookit.core.ZkException if a folder of namespaces cannot be listed; see {@link #inventory}
   */
  List<Namespace> namespaces() throws InterruptedException;

  /** The state of every namespace; what cannot be read is reported and hides nothing else. */
  Inventory inventory() throws InterruptedException;

  /** The state of a namespace; empty if it does not exist. */
  Optional<NamespaceState> state(Namespace ns) throws InterruptedException;

  /** Creates a namespace without a release; publishing creates one, too. False if it exists. */
  boolean create(Namespace ns, Change change) throws InterruptedException;

  /** Deletes a namespace: clients keep what they have and are notified; everything stays and can be restored. */
  void delete(Namespace ns, Change change) throws InterruptedException;

  /** Restores a deleted namespace. */
  void restore(Namespace ns, Change change) throws InterruptedException;

  /** The rules of a namespace. */
  Policy policy(Namespace ns) throws InterruptedException;

  /**
   * Sets the rules of an existing namespace.
   *
   * @throws ConfigRefusedException if a layer is not public
   * @throws ConfigRejectedException if the schema is another than before and has {@linkplain Policy#problems()
   *     problems}, or cannot be checked because the validator is not on the class path
   */
  void setPolicy(Namespace ns, Policy policy, Change change) throws InterruptedException;

  /** Previews the publishing of a content; missing approvals are among the problems. */
  PublishPreview preview(Namespace ns, Content content) throws InterruptedException;

  /** Previews the publishing of a draft; missing approvals are among the problems. */
  PublishPreview preview(Draft draft) throws InterruptedException;

  /**
   * Makes a content stable as the next release. A content that is the stable one already makes none.
   *
   * @return the stable release
   * @throws ConfigConflictException if another release became stable since this call began, or is not the one the
   *     change is {@link Change#onTopOf}
   * @throws ConfigRejectedException if the content is not valid
   * @throws ConfigRefusedException if gray releases are open, a vote is under way, or the namespace is frozen or
   *     deleted, or if the policy requires approvals and no draft {@linkplain Drafts#holding holds} this content with
   *     them
   */
  Release publish(Namespace ns, Content content, Change change) throws InterruptedException;

  /**
   * Makes stable what an edit makes of the stable content. If another client is faster, the edit is called again with
   * what is stable then: no change is lost, and there is no conflict. An edit that changes nothing makes no release.
   *
   * <p><i>Cost:</i> one read and one transaction; both again for each release of others that comes in between.
   *
   * @param edit gets the stable content, with secrets sealed; an empty one of properties when there is none. May be
   *     called several times
   * @return the stable release
   * @throws ConfigConflictException if the change is {@link Change#onTopOf} another release than the stable one
   * @throws ConfigRejectedException if the content is not valid
   * @throws ConfigRefusedException as for {@link #publish}
   */
  Release update(Namespace ns, UnaryOperator<Content> edit, Change change)
      throws InterruptedException;

  /**
   * Makes several contents stable in one transaction, or none of them. Clients that follow several of them apply them
   * together. Where the policy requires approvals, the draft that {@linkplain Drafts#holding holds} a content brings them.
   *
   * @return the stable release of each
   */
  Map<Namespace, Release> publish(Map<Namespace, Content> contents, Change change)
      throws InterruptedException;

  /**
   * Makes a saved draft stable and removes it, in one transaction.
   *
   * @throws ConfigConflictException if it is not based on the stable release, or was saved by another client
   * @throws ConfigRefusedException if it lacks approvals that the policy requires, or as for {@link #publish(Namespace,
   *     Content, Change)}
   */
  Release publish(Draft draft, Change change) throws InterruptedException;

  /** Makes a content from elsewhere stable, with its secrets in plain text and marked; otherwise like {@link #publish}. */
  Release importContent(Namespace ns, Content content, Change change) throws InterruptedException;

  /**
   * Makes a content stable only when every instance that is alive now has found that it can use it: each reads, opens,
   * binds and validates it without using it.
   *
   * @param timeout how long to wait for the votes
   * @throws ConfigRejectedException if an instance refuses it, or did not vote and the change is not {@link
   *     Change#allowMissing}, or fewer instances are alive than {@link Change#requireVotes}
   */
  Release publishVerified(Namespace ns, Content content, Duration timeout, Change change)
      throws InterruptedException;

  /**
   * Makes a saved draft stable as {@link #publishVerified(Namespace, Content, Duration, Change)} does, and removes it in the
   * transaction that makes it stable. A draft that the instances refuse stays; so does one that was saved while they voted.
   *
   * @throws ConfigConflictException if it is not based on the stable release, or was saved or discarded before the vote
   */
  Release publishVerified(Draft draft, Duration timeout, Change change) throws InterruptedException;

  /** Ends a vote whose publisher is gone; false if there is none. */
  boolean withdraw(Namespace ns, Change change) throws InterruptedException;

  /**
   * Makes the content stable that was stable before, as a new release. Again and again it goes further back.
   *
   * <p>In an emergency {@link Change#overrideFreeze} goes through a freeze window, and {@link Change#abortGrays} ends
   * the open gray releases in the same transaction, so that every instance gets the earlier content.
   *
   * @throws ConfigNotFoundException if there is nothing before
   */
  Release rollback(Namespace ns, Change change) throws InterruptedException;

  /** Makes the content of any release stable, as a new release. */
  Release rollback(Namespace ns, int release, Change change) throws InterruptedException;

  /** Keeps a release indefinitely. */
  void pin(Namespace ns, int release, Change change) throws InterruptedException;

  /** Ends {@link #pin}. */
  void unpin(Namespace ns, int release, Change change) throws InterruptedException;

  /**
   * Gives a content to an audience while the others keep the stable release.
   *
   * @throws IllegalArgumentException if the audience asks for more instances than exist
   */
  GrayRelease gray(Namespace ns, Content content, Audience audience, Change change)
      throws InterruptedException;

  /** Starts a gray release of several steps under a name. */
  GrayRelease gray(Namespace ns, String name, Content content, Rollout plan, Change change)
      throws InterruptedException;

  /**
   * Starts a gray release of a saved draft under a name and removes the draft, in one transaction. The content is then the
   * gray release's alone: if it is abandoned, no later publish brings it back.
   *
   * @throws IllegalArgumentException if the draft was never saved, or the audience asks for more instances than there are
   * @throws ConfigConflictException if the draft is not based on the stable release, or was saved or discarded meanwhile
   */
  GrayRelease gray(Draft draft, String name, Rollout plan, Change change)
      throws InterruptedException;

  /** The gray releases in the order in which they are tried; those this version does not understand are left out. */
  List<GrayRelease> grays(Namespace ns) throws InterruptedException;

  /**
   * The gray releases with their states, in the order in which they are tried; those this version does not understand are
   * left out.
   *
   * <p><i>Cost:</i> one read, and one for each live instance in two round trips, however many gray releases there are.
   */
  Map<GrayRelease, GrayRelease.Status> grayStatuses(Namespace ns) throws InterruptedException;

  /** A gray release by its name. */
  Optional<GrayRelease> gray(Namespace ns, String name) throws InterruptedException;

  /** The live instances that would get a gray release started now. */
  List<Instance> preview(Namespace ns, Audience audience) throws InterruptedException;

  /** The status that each live instance reports. */
  List<InstanceReleaseStatus> instances(Namespace ns) throws InterruptedException;

  /**
   * Explains the value that an instance has: the strongest reason first. Overrides on the instance are not known here.
   */
  List<Explained> explain(Namespace ns, String key, Instance instance) throws InterruptedException;

  /** The history of a namespace. */
  History history(Namespace ns);

  /** The drafts of a namespace. */
  Drafts drafts(Namespace ns);

  /** Operations across namespaces and environments. */
  Environments environments();

  /** The maintenance of the store. */
  Maintenance maintenance();
}
