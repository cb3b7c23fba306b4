package io.zookit.console.auth;

import io.zookit.core.Role;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Login links: secrets of 128 bits that each work once, for 15 minutes, at the console that issued them. Only their hashes are
 * kept, in memory.
 *
 * <p><i>Threads:</i> any.
 */
public final class LoginLinks {

  /** The time for which a link works. */
  public static final Duration VALID = Duration.ofMinutes(15);

  private static final int BYTES = 16;

  private final Timekeeper timekeeper;
  private final Map<String, Invitation> invitations = new ConcurrentHashMap<>();

  /** Creates an empty set of links. */
  public LoginLinks(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
  }

  private record Invitation(String name, Role role, Instant until) {}

  /**
   * Issues a link.
   *
   * @param name the author of changes made with it
   * @return its secret, which is kept nowhere else
   */
  public String issue(String name, Role role) {
    String secret = Secrets.random(BYTES);
    invitations.put(
        Secrets.hash(secret), new Invitation(name, role, timekeeper.now().plus(VALID)));
    return secret;
  }

  /** Uses a link up; empty if there is none of that secret, or it has been used or has expired. */
  Optional<Subject> use(String secret, Duration session) {
    Invitation invitation = invitations.remove(Secrets.hash(secret));
    Instant now = timekeeper.now();
    return invitation == null || !now.isBefore(invitation.until())
        ? Optional.empty()
        : Optional.of(new Subject(
            invitation.name(), invitation.role(), now.plus(session), Secrets.random(BYTES), ""));
  }
}
