package io.zookit.views;

import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import io.zookit.config.Environments;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A change of a namespace.
 *
 * @param action the kind of change; empty if it cannot be read
 * @param release the release it concerns; null for none
 * @param removed number and hash of each release that it removed
 * @param aborted the gray releases that it also ended
 * @param identities the identities of the connection that wrote it, as far as they are known
 * @param overrides the restrictions that it overrode
 * @param policyBefore the policy that it replaced; null for a change of another kind
 * @param problem why it cannot be read; null if it can
 */
public record EntryShape(
    String namespace,
    long epoch,
    long revision,
    String action,
    OptionalInt release,
    String author,
    @Nullable Instant at,
    String message,
    Map<String, String> removed,
    List<String> aborted,
    List<String> identities,
    List<String> approvals,
    List<String> overrides,
    Optional<Policy> policyBefore,
    Optional<Policy> policyAfter,
    @Nullable String problem) {

  /** The shape of an entry. */
  public static EntryShape of(Namespace ns, History.Entry entry) {
    return new EntryShape(
        ns.toString(),
        entry.epoch(),
        entry.revision(),
        entry.action().name().toLowerCase(Locale.ROOT),
        entry.release(),
        entry.author(),
        entry.at(),
        entry.message(),
        entry.removed(),
        entry.aborted(),
        entry.identities(),
        entry.approvals().stream().map(Drafts.Approval::toString).toList(),
        entry.overrides(),
        entry.policyBefore(),
        entry.policyAfter(),
        null);
  }

  /** The changes of several namespaces, and a row for each that cannot be read. */
  public static List<EntryShape> of(Environments.AuditTrail trail) {
    List<EntryShape> all = new ArrayList<>();
    trail.entries().forEach(each -> all.add(of(each.namespace(), each.entry())));
    trail.unreadable().forEach(each -> all.add(unreadable(each)));
    return List.copyOf(all);
  }

  private static EntryShape unreadable(ConfigStore.Unreadable what) {
    return new EntryShape(
        what.name(),
        0,
        0,
        "",
        OptionalInt.empty(),
        "",
        null,
        "",
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        what.reason());
  }
}
