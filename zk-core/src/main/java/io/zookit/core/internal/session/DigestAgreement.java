package io.zookit.core.internal.session;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.ZkAccessException;
import io.zookit.core.internal.path.ZkPath;
import java.security.Security;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how the servers hash digest passwords, before the first node is created.
 *
 * <p>Access lists hold the hash of a password, and by which algorithm is a setting of the servers ({@code digestAlg})
 * that they do not report. With another one a client creates nodes that it cannot read itself. So it sends a
 * transaction that never takes effect: create a node for one identity, check it, which needs the right to read, and
 * fail. If the second step is refused, the servers do not know the connection by that identity. A parent is needed in
 * which the client may create: the root, what is above it, or the folders in which applications create.
 *
 * <p>The identity that a client has by default is replaced by the one that fits. A policy of the user is not changed:
 * one with digest identities of another algorithm is refused. If the client may create nothing, the algorithm stays
 * unknown and nothing is refused.
 *
 * <p>All state is used on the loop, but for the refusal.
 *
 * <p><i>Cost:</i> one refused transaction for each client with digest credentials; one more for each algorithm when it is
 * not SHA-1.
 */
public final class DigestAgreement {

  private static final Logger log = LoggerFactory.getLogger(DigestAgreement.class);

  private static final String DEFAULT = "SHA1";
  private static final List<String> OTHERS = Stream.of(
          "SHA-256", "SHA-512", "SHA-384", "SHA-224", "SHA3-256", "SHA3-512", "SHA3-384", "MD5")
      .filter(Security.getAlgorithms("MessageDigest")::contains)
      .toList();
  private static final List<String> FOLDERS = List.of("locks", "services", "jobs");
  private static final byte[] NO_DATA = {};

  /** The result of a transaction about an identity. */
  private enum IdentityCheck {
    KNOWN,
    UNKNOWN,
    NO_RESULT,
    NOT_ANSWERED
  }

  private final String client;
  private final ZkPath root;
  private final @Nullable Credentials credentials;
  private final Optional<AccessPolicy> given;
  private final Consumer<Identity> agreed;
  private final CompletableFuture<Void> refused = new CompletableFuture<>();
  private volatile @Nullable ZkAccessException refusal;
  private boolean settled;

  /**
   * Creates an agreement that is not reached.
   *
   * @param client its name, for messages
   * @param root below which the client may create nodes
   * @param access the given access policy, if there is one
   * @param agreed receives the identity of the credentials by the servers' algorithm, if it is not the default one
   */
  public DigestAgreement(
      String client,
      ZkPath root,
      @Nullable Credentials credentials,
      @Nullable AccessPolicy access,
      Consumer<Identity> agreed) {
    this.client = client;
    this.root = root;
    this.credentials = credentials;
    this.given = Optional.ofNullable(access);
    this.agreed = agreed;
  }

  /** Fails when the policy does not fit the servers; never completes otherwise. */
  public CompletableFuture<Void> refused() {
    return refused;
  }

  /**
   * Throws the refusal, if there is one.
   *
   * @throws ZkAccessException if the policy does not fit the servers
   */
  public void requireAgreed() {
    ZkAccessException refusal = this.refusal;
    if (refusal != null) {
      throw refusal;
    }
  }

  /**
   * Finds out the algorithm, unless it is known.
   *
   * @param done receives whether there was an answer; not called if the policy is refused
   */
  public void ask(SessionHandle handle, Consumer<Boolean> done) {
    if (settled || credentials == null) {
      done.accept(true);
    } else if (refusal == null) {
      askBelow(handle, parents().iterator(), done);
    }
  }

  private Set<ZkPath> parents() {
    Set<ZkPath> parents = new LinkedHashSet<>();
    for (ZkPath path = root; !path.isTop(); path = path.parent()) {
      parents.add(path);
    }
    parents.add(new ZkPath("/"));
    FOLDERS.forEach(folder -> parents.add(root.child(folder)));
    return parents;
  }

  private void askBelow(SessionHandle handle, Iterator<ZkPath> parents, Consumer<Boolean> done) {
    if (!parents.hasNext()) {
      done.accept(true); // it may create nothing here, so it cannot create anything wrong
      return;
    }
    ZkPath parent = parents.next();
    ask(handle, parent, DEFAULT, result -> {
      switch (result) {
        case KNOWN -> settle(DEFAULT, done);
        case UNKNOWN -> askOthers(handle, parent, done);
        case NO_RESULT -> askBelow(handle, parents, done);
        case NOT_ANSWERED -> done.accept(false);
      }
    });
  }

  /** Tries all other algorithms in one flight; the last answer decides. */
  private void askOthers(SessionHandle handle, ZkPath parent, Consumer<Boolean> done) {
    List<IdentityCheck> results = new ArrayList<>();
    for (String algorithm : OTHERS) {
      ask(handle, parent, algorithm, result -> {
        results.add(result);
        if (results.size() == OTHERS.size()) {
          decide(results, done);
        }
      });
    }
  }

  private void decide(List<IdentityCheck> results, Consumer<Boolean> done) {
    int known = results.indexOf(IdentityCheck.KNOWN);
    if (known >= 0) {
      settle(OTHERS.get(known), done);
    } else if (results.stream().anyMatch(result -> result != IdentityCheck.UNKNOWN)) {
      done.accept(false);
    } else {
      refuse("the servers hash digest passwords by an algorithm that is none of " + DEFAULT + ", "
          + String.join(", ", OTHERS)
          + " (expected: one of them as their digestAlg, or TLS or SASL)");
    }
  }

  private void settle(String algorithm, Consumer<Boolean> done) {
    Identity own = identity(algorithm);
    int length = hashOf(own).length();
    Optional<Identity> other = given.stream()
        .flatMap(
            policy -> policy.roles().stream().flatMap(role -> policy.identitiesOf(role).stream()))
        .filter(each -> each.scheme().equals("digest") && hashOf(each).length() != length)
        .findFirst();
    if (other.isPresent()) {
      refuse("the access policy names the digest user " + userOf(other.get())
          + " by a hash of another algorithm than the servers' (expected: Identity.digest(user,"
          + " password, \"" + algorithm + "\"))");
      return;
    }
    settled = true;
    if (!algorithm.equals(DEFAULT)) {
      log.info("{}: the servers hash digest passwords by {}", client, algorithm);
      agreed.accept(own);
    }
    done.accept(true);
  }

  private void refuse(String reason) {
    log.error("{}: {}; nothing is created", client, reason);
    ZkAccessException why = new ZkAccessException(client + ": " + reason);
    refusal = why;
    refused.completeExceptionally(why);
  }

  private void ask(
      SessionHandle handle, ZkPath parent, String algorithm, Consumer<IdentityCheck> reply) {
    Identity identity = identity(algorithm);
    String path = parent.own("~digest").value();
    List<ACL> acl = List.of(new ACL(Perms.ALL, new Id(identity.scheme(), identity.id())));
    List<Op> neverDone = List.of(
        Op.create(path, NO_DATA, acl, CreateMode.PERSISTENT), Op.check(path, 0), Op.check(path, 1));
    handle.multi(neverDone, answer -> reply.accept(resultOf(answer)));
  }

  private static IdentityCheck resultOf(Answer<List<OpResult>> answer) {
    if (!answer.isAnswered()) {
      return IdentityCheck.NOT_ANSWERED;
    }
    if (Multi.refusedAt(answer) < 1) {
      return IdentityCheck.NO_RESULT;
    }
    return Multi.codeAt(1, answer) == Code.NOAUTH ? IdentityCheck.UNKNOWN : IdentityCheck.KNOWN;
  }

  private Identity identity(String algorithm) {
    String[] userAndPassword = Objects.requireNonNull(credentials).secret().split(":", 2);
    return Identity.digest(userAndPassword[0], userAndPassword[1], algorithm);
  }

  private static String hashOf(Identity digest) {
    return digest.id().substring(digest.id().indexOf(':') + 1);
  }

  private static String userOf(Identity digest) {
    return ZkPath.printable(digest.id().substring(0, Math.max(0, digest.id().indexOf(':'))));
  }
}
