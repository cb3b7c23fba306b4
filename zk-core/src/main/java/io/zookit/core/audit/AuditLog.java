package io.zookit.core.audit;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.audit.AuditReader;
import io.zookit.core.internal.audit.AuditVerifier;
import io.zookit.core.internal.client.CoreClient;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The audit of a root: locks broken or revoked, jobs triggered, paused, resumed or deleted, policies of services, changes of the
 * access policy. Changes of the configuration are in the audit of each namespace.
 *
 * <p>An entry is written in the transaction of its change, so that there is neither one without the other. The entries of a day
 * form a chain by their hashes, and each day goes on from the one before: {@link #verify} finds an entry that was changed or
 * removed. A client that may append entries may also append false ones; {@link AuditEntry#by} is what it claimed.
 *
 * <p>Days are kept for {@link #KEPT}; {@link #removeExpired} removes older ones. A day has at most 10,000 entries, of which
 * triggers of jobs take at most 9,000; changes beyond that are made without an entry, and counted.
 *
 * <p>Changes are made without an entry, with a warning in the log of the client, by clients of versions that had no audit, and
 * under a root of such a version until an admin makes a change or applies the access policy.
 *
 * <p><i>Threads:</i> any; immutable. All methods but {@link #signAs} block until ZooKeeper has answered.
 *
 * <p><i>Failure:</i> {@link io.zookit.core.ZkUnavailableException} if ZooKeeper does not answer in time, {@link
 * io.zookit.core.ZkAccessException} if this client may not read the audit.
 *
 * <p><i>Cost:</i> one request for each 128 entries, and two for each day.
 */
public final class AuditLog {

  /** The time for which days are kept. */
  public static final Period KEPT = Period.ofDays(90);

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int LONGEST_AUTHOR = 128;

  private final CoreClient client;
  private final AuditReader reader;

  private AuditLog(CoreClient client, Duration limit) {
    this.client = client;
    this.reader = new AuditReader(client, limit);
  }

  /** The audit of a client's root. */
  public static AuditLog in(ZkClient client) {
    return new AuditLog(CoreClient.of(client), LIMIT);
  }

  /** A copy that waits for that duration for each answer; 30 s unless set. */
  public AuditLog within(Duration limit) {
    return new AuditLog(client, limit);
  }

  /**
   * Names the author of the changes that this client makes from now on; the user of the process unless set. The identities of
   * the connection are entered next to it in any case.
   *
   * @param author 1 to 128 characters
   */
  public void signAs(String author) {
    if (author.isBlank() || author.length() > LONGEST_AUTHOR) {
      throw new IllegalArgumentException(
          "author: " + author.length() + " characters (expected: 1 to " + LONGEST_AUTHOR + ")");
    }
    client.audit().signAs(author);
  }

  /** The newest entries, newest first; those that cannot be read have the reason. */
  public List<AuditEntry> newest(int most) throws InterruptedException {
    List<LocalDate> days = reader.days();
    List<AuditEntry> entries = new ArrayList<>();
    for (int i = days.size() - 1; i >= 0 && entries.size() < most; i--) {
      reader.newest(days.get(i), most - entries.size()).forEach(line -> entries.add(entry(line)));
    }
    return List.copyOf(entries);
  }

  /**
   * Reads the entries of a range of days, oldest first.
   *
   * @param from the first day
   * @param to the last day
   */
  public void read(LocalDate from, LocalDate to, Consumer<? super AuditEntry> each)
      throws InterruptedException {
    for (LocalDate day : reader.days()) {
      if (!day.isBefore(from) && !day.isAfter(to)) {
        reader.read(day, line -> each.accept(entry(line)));
      }
    }
  }

  /** The days that have entries, oldest first. */
  public List<LocalDate> days() throws InterruptedException {
    return reader.days();
  }

  /** Verifies the chain of all entries that are kept. */
  public AuditVerification verify() throws InterruptedException {
    AuditVerifier.ChainReport found = new AuditVerifier(reader).verify();
    return new AuditVerification(
        found.entries(), found.omitted(), found.newest(), found.problems());
  }

  /** The days that {@link #removeExpired} would remove now, oldest first. */
  public List<LocalDate> expired() throws InterruptedException {
    LocalDate oldest = reader.today().minus(KEPT);
    return reader.days().stream().filter(day -> day.isBefore(oldest)).toList();
  }

  /**
   * Removes the days that are older than {@link #KEPT}. Only admins may.
   *
   * @return the days that were removed
   */
  public List<LocalDate> removeExpired() throws InterruptedException {
    return List.copyOf(reader.removeBefore(reader.today().minus(KEPT)));
  }

  private static AuditEntry entry(AuditReader.EntryRead line) {
    return new AuditEntry(
        line.day(),
        line.number(),
        line.action(),
        line.target(),
        line.detail(),
        line.by(),
        line.identities(),
        line.client(),
        line.at(),
        line.hash(),
        line.problem());
  }
}
