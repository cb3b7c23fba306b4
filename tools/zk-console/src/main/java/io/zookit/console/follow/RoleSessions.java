package io.zookit.console.follow;

import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.audit.AuditLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One session at ZooKeeper for each role, so that no request can do more than the access lists allow its role. Without
 * identities there is one session, for all roles.
 *
 * <p><i>Threads:</i> any.
 */
public final class RoleSessions implements AutoCloseable {

  private final String connect;
  private final String root;
  private final RoleCredentials credentials;
  private final Duration timeout;
  private final Map<Role, RoleSession> sessions;

  private RoleSessions(
      String connect,
      String root,
      RoleCredentials credentials,
      Duration timeout,
      Map<Role, RoleSession> sessions) {
    this.connect = connect;
    this.root = root;
    this.credentials = credentials;
    this.timeout = timeout;
    this.sessions = Map.copyOf(sessions);
  }

  /** A change that is made with a client of its own. */
  public interface SignedChange<T> {
    /** Makes the change. */
    T make(RoleSession session) throws InterruptedException;
  }

  /**
   * Connects a session for each role that has an identity.
   *
   * @param timeout how long to wait for the connection, and for each answer
   */
  public static RoleSessions connect(
      String connect, String root, RoleCredentials credentials, Duration timeout) {
    Map<Role, RoleSession> opened = new EnumMap<>(Role.class);
    try {
      if (credentials.isEmpty()) {
        RoleSession one = new RoleSession(client(connect, root, timeout).connect(), timeout);
        RoleCredentials.ROLES.forEach(role -> opened.put(role, one));
      } else {
        credentials
            .digests()
            .forEach((role, digest) -> opened.put(
                role,
                new RoleSession(
                    client(connect, root, timeout)
                        .digest(digest.user, digest.password)
                        .connect(),
                    timeout)));
      }
    } catch (RuntimeException e) {
      opened.values().forEach(RoleSession::close);
      throw e;
    }
    return new RoleSessions(connect, root, credentials, timeout, opened);
  }

  private static ZkClientBuilder client(String connect, String root, Duration timeout) {
    return ZkClient.builder(connect).root(root).connectTimeout(timeout).label("console");
  }

  /** The session of a role; empty if it is switched off. */
  public Optional<RoleSession> of(Role role) {
    return Optional.ofNullable(sessions.get(role));
  }

  /** The roles that are switched on. */
  public List<Role> roles() {
    return RoleCredentials.ROLES.stream().filter(sessions::containsKey).toList();
  }

  /** Tells if each role has an identity of its own, so that access lists bind it. */
  public boolean isSecured() {
    return !credentials.isEmpty();
  }

  /** The addresses of the servers. */
  public String connectString() {
    return connect;
  }

  /**
   * Makes a change that is entered in the audit with an author, over a client of its own: the author of a client's changes
   * holds for all that it sends, and what a client could not send before a timeout must not be sent under another's name.
   *
   * <p><i>Cost:</i> one connection for each change.
   */
  public <T> T signed(Role role, String author, SignedChange<T> change)
      throws InterruptedException {
    ZkClientBuilder builder = client(connect, root, timeout);
    RoleCredentials.Digest digest = credentials.digests().get(role);
    if (digest != null) {
      builder.digest(digest.user, digest.password);
    }
    try (RoleSession session = new RoleSession(builder.connect(), timeout)) {
      AuditLog.in(session.client()).signAs(author);
      return change.make(session);
    }
  }

  @Override
  public void close() {
    Set<RoleSession> all = new LinkedHashSet<>(sessions.values());
    new ArrayList<>(all).forEach(RoleSession::close);
  }
}
