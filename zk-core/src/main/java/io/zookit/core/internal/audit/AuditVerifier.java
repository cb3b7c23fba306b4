package io.zookit.core.internal.audit;

import io.zookit.core.internal.codec.Decoded;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the chain of the audit: numbers without a gap, each entry with the hash of the one before, each day as its node
 * says, and each day going on from the one before.
 *
 * <p>An entry may be appended to a day after the next one has begun, by a client whose clock is behind; so a day goes on from
 * an entry of the one before, not necessarily from its last.
 */
public final class AuditVerifier {

  /**
   * Result of a verification.
   *
   * @param entries how many entries were verified
   * @param omitted how many changes have no entry, because their day was full
   * @param newest the hash of the newest entry; empty for none
   * @param problems one line each
   */
  public record ChainReport(int entries, int omitted, String newest, List<String> problems) {}

  private final AuditReader reader;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, List<String>> hashes = new HashMap<>();
  private int entries;
  private int omitted;
  private String newest = "";

  public AuditVerifier(AuditReader reader) {
    this.reader = reader;
  }

  /** Verifies all days that are kept. */
  public ChainReport verify() throws InterruptedException {
    List<LocalDate> days = reader.days();
    for (LocalDate day : days) {
      verify(day, days.get(0));
    }
    return new ChainReport(entries, omitted, newest, List.copyOf(problems));
  }

  private void verify(LocalDate day, LocalDate oldest) throws InterruptedException {
    Optional<Decoded<AuditDayRecord>> end =
        reader.end(day); // before the entries: later ones are read on
    if (end.isEmpty()) {
      return; // removed meanwhile
    }
    String name = AuditPaths.nameOf(day);
    if (!(end.get() instanceof Decoded.Value<AuditDayRecord> value)) {
      problems.add(name + ": its node is damaged, or of a later version");
      verifyEntries(day, name, "", Integer.MAX_VALUE);
      return;
    }
    AuditDayRecord record = value.value();
    omitted += record.omittedCount();
    verifyAnchor(name, record.before(), oldest);
    String first = record.before() == null ? "" : record.before().hash();
    List<String> chain = verifyEntries(day, name, first, record.count());
    String last =
        chain.size() < record.count() || chain.isEmpty() ? first : chain.get(record.count() - 1);
    if (!last.equals(record.hash())) {
      problems.add(name + ": its node names another last entry than entry " + record.count());
    }
  }

  private void verifyAnchor(String name, AuditDayRecord.@Nullable Anchor before, LocalDate oldest) {
    if (before == null) {
      if (!hashes.isEmpty()) {
        problems.add(name + ": does not go on from the day before");
      }
      return;
    }
    Optional<LocalDate> day = AuditPaths.dayNamed(before.day());
    if (day.isEmpty() || day.get().isBefore(oldest)) {
      return; // expired
    }
    List<String> chain = hashes.getOrDefault(before.day(), List.of());
    boolean known = before.count() == 0
        || (before.count() <= chain.size() && chain.get(before.count() - 1).equals(before.hash()));
    if (!known) {
      problems.add(name + ": goes on from entry " + before.count() + " of " + before.day()
          + ", which is gone or was changed");
    }
  }

  private List<String> verifyEntries(LocalDate day, String name, String first, int count)
      throws InterruptedException {
    List<String> chain = new ArrayList<>();
    String[] previous = {first};
    boolean known = count != Integer.MAX_VALUE;
    reader.read(day, line -> {
      int expected = chain.size() + 1;
      while (expected < line.number()) {
        problems.add(name + ": entry " + expected + " is missing");
        chain.add("");
        previous[0] = "";
        expected++;
      }
      if (line.problem().isPresent()) {
        problems.add(name + ": entry " + line.number() + ": " + line.problem().get());
      } else if (!previous[0].equals(line.previous()) && (known || line.number() > 1)) {
        problems.add(
            name + ": entry " + line.number() + ": the entry before was changed, or is missing");
      }
      chain.add(line.hash());
      previous[0] = line.hash();
      entries++;
      newest = line.hash();
    });
    for (int missing = chain.size() + 1; known && missing <= count; missing++) {
      problems.add(name + ": entry " + missing + " is missing");
    }
    hashes.put(name, chain);
    return chain;
  }
}
