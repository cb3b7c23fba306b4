package io.zookit.config;

import io.zookit.config.format.DocumentLimits;
import io.zookit.config.internal.publish.ContentValidators;
import io.zookit.core.internal.codec.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a namespace.
 *
 * <p>They bind every client of this library. Only access lists bind a program that writes to ZooKeeper directly.
 *
 * @param schema a JSON Schema (2020-12) that contents must satisfy; empty for none
 * @param secrets the keys whose values are secret; {@code *} at the end stands for anything
 * @param layers the public namespaces {@code ENV/APP/NS} below this one, weakest first
 * @param isPublic whether other namespaces may have this one as a layer
 * @param keepNewest how many releases stay in any case
 * @param keepYoungerThan how long releases stay in any case
 * @param keepBytes how much all releases together may take; only what may go goes
 * @param approvals how many people other than its authors must approve a change of what is in force
 * @param freezes when nothing is published
 * @param limits what a content may flatten to, at most; null stands for the standard limits
 * @param advisoryApprovals whether approvals of connections without an authenticated identity count, although anybody
 *     can give them under any name; null stands for no
 */
public record Policy(
    @Stored("schema") String schema,
    @Stored("secrets") List<String> secrets,
    @Stored("layers") List<String> layers,
    @Stored("isPublic") boolean isPublic,
    @Stored("keepNewest") int keepNewest,
    @Stored("keepYoungerThan") Duration keepYoungerThan,
    @Stored("keepBytes") long keepBytes,
    @Stored("approvals") int approvals,
    @Stored("freezes") List<Freeze> freezes,
    @Stored("limits") @Nullable DocumentLimits limits,
    @Stored("advisoryApprovals") @Nullable Boolean advisoryApprovals) {

  private static final Policy STANDARD = new Policy(
      "",
      List.of(),
      List.of(),
      false,
      30,
      Duration.ofDays(30),
      64L << 20,
      0,
      List.of(),
      null,
      null);

  /**
   * A time in which nothing is published.
   *
   * @param from the first instant of it
   * @param until the first instant after it
   * @param reason shown in the refusal
   */
  public record Freeze(
      @Stored("from") Instant from,
      @Stored("until") Instant until,
      @Stored("reason") String reason) {

    /** Tells if a time is within the window. */
    public boolean covers(Instant now) {
      return !now.isBefore(from) && now.isBefore(until);
    }
  }

  /** Creates a policy. */
  public Policy {
    if (keepNewest < 1) {
      throw new IllegalArgumentException("keepNewest: " + keepNewest + " (expected: 1 or more)");
    }
    if (approvals < 0) {
      throw new IllegalArgumentException("approvals: " + approvals + " (expected: 0 or more)");
    }
    layers.forEach(Namespace::parse);
    secrets = List.copyOf(secrets);
    layers = List.copyOf(layers);
    freezes = List.copyOf(freezes);
    limits = DocumentLimits.standard().equals(limits) ? null : limits;
    advisoryApprovals = Boolean.TRUE.equals(advisoryApprovals) ? Boolean.TRUE : null;
  }

  /** Tells if approvals of connections without an authenticated identity count. */
  @Override
  public Boolean advisoryApprovals() {
    return Boolean.TRUE.equals(advisoryApprovals);
  }

  /** The limits of what a content may flatten to; checked when it is published, and by every reader. */
  @Override
  public DocumentLimits limits() {
    return limits == null ? DocumentLimits.standard() : limits;
  }

  /** No rules but 30 releases or 30 days, whichever is more, within 64 MiB. */
  public static Policy standard() {
    return STANDARD;
  }

  /** A copy with a JSON Schema. */
  public Policy withSchema(String json) {
    return new Policy(
        json,
        secrets,
        layers,
        isPublic,
        keepNewest,
        keepYoungerThan,
        keepBytes,
        approvals,
        freezes,
        limits,
        advisoryApprovals);
  }

  /** A copy with other secret keys. */
  public Policy withSecrets(String... keys) {
    return new Policy(
        schema,
        List.of(keys),
        layers,
        isPublic,
        keepNewest,
        keepYoungerThan,
        keepBytes,
        approvals,
        freezes,
        limits,
        advisoryApprovals);
  }

  /** A copy with other layers below, weakest first. */
  public Policy withLayers(Namespace... weakestFirst) {
    List<String> names =
        java.util.Arrays.stream(weakestFirst).map(Namespace::toString).toList();
    return new Policy(
        schema,
        secrets,
        names,
        isPublic,
        keepNewest,
        keepYoungerThan,
        keepBytes,
        approvals,
        freezes,
        limits,
        advisoryApprovals);
  }

  /** A copy of a namespace that others may have as a layer. */
  public Policy asPublic() {
    return new Policy(
        schema,
        secrets,
        layers,
        true,
        keepNewest,
        keepYoungerThan,
        keepBytes,
        approvals,
        freezes,
        limits,
        advisoryApprovals);
  }

  /** A copy with another retention. */
  public Policy withRetention(int newest, Duration youngerThan, long bytes) {
    return new Policy(
        schema,
        secrets,
        layers,
        isPublic,
        newest,
        youngerThan,
        bytes,
        approvals,
        freezes,
        limits,
        advisoryApprovals);
  }

  /** A copy with another number of approvals. */
  public Policy withApprovals(int people) {
    return new Policy(
        schema,
        secrets,
        layers,
        isPublic,
        keepNewest,
        keepYoungerThan,
        keepBytes,
        people,
        freezes,
        limits,
        advisoryApprovals);
  }

  /** A copy under which approvals of connections without an authenticated identity count, or do not. */
  public Policy withAdvisoryApprovals(boolean accepted) {
    return new Policy(
        schema,
        secrets,
        layers,
        isPublic,
        keepNewest,
        keepYoungerThan,
        keepBytes,
        approvals,
        freezes,
        limits,
        accepted);
  }

  /** A copy with other freezes. */
  public Policy withFreezes(Freeze... all) {
    return new Policy(
        schema,
        secrets,
        layers,
        isPublic,
        keepNewest,
        keepYoungerThan,
        keepBytes,
        approvals,
        List.of(all),
        limits,
        advisoryApprovals);
  }

  /** A copy with other limits of what a content may flatten to. */
  public Policy withLimits(DocumentLimits most) {
    return new Policy(
        schema,
        secrets,
        layers,
        isPublic,
        keepNewest,
        keepYoungerThan,
        keepBytes,
        approvals,
        freezes,
        most,
        advisoryApprovals);
  }

  /**
   * The problems of these rules, one line each; empty if there is none. A schema must be one of its dialect, and
   * usable: one that is not would reject every content.
   */
  public List<String> problems() {
    return ContentValidators.schemaDefects(schema);
  }

  /** Tells if the value of a key is secret by these rules. */
  public boolean isSecret(String key) {
    return secrets.stream()
        .anyMatch(pattern -> pattern.endsWith("*")
            ? key.startsWith(pattern.substring(0, pattern.length() - 1))
            : key.equals(pattern));
  }
}
