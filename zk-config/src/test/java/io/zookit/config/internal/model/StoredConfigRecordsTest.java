package io.zookit.config.internal.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.config.Change;
import io.zookit.config.Drafts;
import io.zookit.config.History;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.Release;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.format.Format;
import io.zookit.config.internal.draft.ChangeRequests;
import io.zookit.config.internal.follow.SnapshotFile;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.zk.KeyRing;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Writes the records of configurations and compares their bytes with the recorded ones. */
class StoredConfigRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  private static final Instant AT = Instant.ofEpochSecond(1_700_000_000, 5_000_000);
  private static final String SUM = "0a".repeat(32);
  private static final Drafts.Approval APPROVAL =
      new Drafts.Approval("ben", List.of("digest:ben"), AT);
  private static final Signer AUTHOR = new Signer("ana", List.of("digest:ana", "x509:CN=ana"));
  private static final Manifest MANIFEST = manifest(Release.Kind.PUBLISH);
  private static final Policy POLICY = new Policy(
      "{\"type\":\"object\"}",
      List.of("db.*"),
      List.of("prod/shared/base"),
      true,
      12,
      Duration.ofDays(7),
      1L << 20,
      2,
      List.of(new Policy.Freeze(AT, AT.plusSeconds(60), "sale")),
      new DocumentLimits(300, 4_000),
      true);

  private static Stream<String> lines() {
    return Stream.of(
            heads(), releases(), audits(), drafts(), requests(), policies(), statuses(), files())
        .flatMap(each -> each);
  }

  private static Stream<String> heads() {
    Head full = new Head(
        1,
        2,
        3,
        Head.State.ACTIVE,
        new ReleaseRef(3, SUM),
        List.of(Map.of("name", "trial", "release", "2")),
        new Head.CandidateRelease(new ReleaseRef(4, "0b"), AT.plusSeconds(9)),
        List.of(5, 6),
        List.of("prod/shared/base"),
        new Head.Bundle("bundle", Map.of("prod/checkout/limits", 7L)),
        "release hash",
        "audit hash",
        "publish id",
        "ana",
        AT,
        "why",
        new Head.InlineRelease(MANIFEST, "cGFja2Vk"),
        new DocumentLimits(300, 4_000),
        null);
    Head awaited = HeadUpdate.of(head(Head.State.ACTIVE, null))
        .build("publish id", Change.by("ana").promptAcks(Duration.ofMinutes(1)), AT, "audit hash");
    return Stream.of(
            Stream.of(line("head", Head.CODEC, full)),
            Stream.of(Head.State.values())
                .map(state -> line("head", Head.CODEC, head(state, null))),
            Stream.of(line("head", Head.CODEC, awaited)))
        .flatMap(each -> each);
  }

  private static Stream<String> releases() {
    Manifest blob = new Manifest(
        3,
        2,
        Release.Kind.ROLLBACK,
        1,
        Format.YAML,
        "ana",
        AT,
        "why",
        "publish id",
        8,
        900,
        SUM,
        "before",
        400,
        SUM,
        2);
    return Stream.concat(
        Stream.of(line("releases/<number>", Manifest.CODEC, blob)),
        Stream.of(Release.Kind.values())
            .map(kind -> line("releases/<number>", Manifest.CODEC, manifest(kind))));
  }

  private static Stream<String> audits() {
    AuditRecord full = new AuditRecord(
        1,
        2,
        History.Action.PUBLISH,
        3,
        "publish id",
        "ana",
        AT,
        "why",
        Map.of("1", SUM),
        List.of("i1@0a"),
        List.of("trial"),
        "before",
        List.of("digest:ana"),
        List.of(APPROVAL),
        List.of("freeze"),
        POLICY,
        Policy.standard());
    return Stream.concat(
        Stream.of(line("audit/<revision>", AuditRecord.CODEC, full)),
        Stream.of(History.Action.values())
            .map(action -> line(
                "audit/<revision>",
                AuditRecord.CODEC,
                new AuditRecord(
                    1,
                    2,
                    action,
                    null,
                    "publish id",
                    "ana",
                    AT,
                    "why",
                    null,
                    null,
                    null,
                    "before",
                    null,
                    null,
                    null,
                    null,
                    null))));
  }

  private static Stream<String> drafts() {
    DraftRecord full = new DraftRecord(
        3,
        Format.JSON,
        "ana",
        AT,
        "why",
        "save id",
        List.of("ben"),
        SUM,
        List.of(AUTHOR),
        List.of(APPROVAL));
    return Stream.concat(
        Stream.of(line("drafts/<name>", DraftRecord.CODEC, full)),
        Stream.of(Format.values())
            .map(format -> line(
                "drafts/<name>",
                DraftRecord.CODEC,
                new DraftRecord(
                    0, format, "ana", AT, "why", "save id", List.of(), SUM, null, null))));
  }

  private static Stream<String> requests() {
    RequestRecord full = new RequestRecord(
        History.Action.POLICY,
        "the policy",
        POLICY,
        "basis",
        List.of(AUTHOR),
        List.of(APPROVAL),
        AT,
        "why",
        "save id");
    return Stream.concat(
        Stream.of(line("requests/<id>", RequestRecord.CODEC, full)), requestsOfMoves());
  }

  /** The id of a request and the hash of what was in force are stored, too. */
  private static Stream<String> requestsOfMoves() {
    Namespace ns = Namespace.of("prod", "checkout", "limits");
    StoredHead none = new StoredHead(head(Head.State.DELETED, null), 1);
    StoredHead some = new StoredHead(head(Head.State.ACTIVE, new ReleaseRef(3, SUM)), 1);
    return Stream.concat(
            Stream.of(HeadChange.of(ns, none, HeadUpdate.of(none.head()), History.Action.RESTORE)
                .called("the restore")),
            Stream.of(History.Action.values())
                .map(action -> HeadChange.of(ns, some, HeadUpdate.of(some.head()), action)
                    .called("the change")
                    .setting(POLICY)))
        .map(move -> "requests/" + ChangeRequests.idOf(move) + " "
            + ChangeRequests.basis(move, Policy.standard()));
  }

  private static Stream<String> policies() {
    return Stream.of(
        line("policy", StoredPolicy.CODEC, POLICY),
        line("policy", StoredPolicy.CODEC, Policy.standard()));
  }

  private static Stream<String> statuses() {
    AckRecord full = new AckRecord(
        "i1",
        "10.0.0.7",
        Map.of("zone", "a"),
        1,
        2,
        3,
        4,
        InstanceReleaseStatus.Status.REJECTED,
        "does not bind",
        SUM,
        false,
        "too large",
        "disk full",
        "orders");
    return Stream.concat(
        Stream.of(line("config-acks/<instance>", AckRecord.CODEC, full)),
        Stream.of(InstanceReleaseStatus.Status.values())
            .map(status -> line(
                "config-acks/<instance>",
                AckRecord.CODEC,
                new AckRecord(
                    "i1", "", Map.of(), 1, 2, 3, 3, status, "", null, null, null, null, null))));
  }

  private static Stream<String> files() {
    KeyRing.KeyRecord key = new KeyRing.KeyRecord("k1", "master", "d3JhcHBlZA==", AT);
    return Stream.of(
        line("keys/<id>", KeyRing.KeyRecord.CODEC, key),
        line(
            "the first line of a snapshot",
            SnapshotFile.Header.CODEC,
            new SnapshotFile.Header(
                "cluster", "prod/checkout/limits", AT, "stable", List.of(key), 3L, "{}")),
        line(
            "the first line of a snapshot",
            SnapshotFile.Header.CODEC,
            new SnapshotFile.Header(
                "cluster", "prod/checkout/limits", AT, "stable", List.of(), null, null)));
  }

  private static Manifest manifest(Release.Kind kind) {
    return new Manifest(
        3,
        null,
        kind,
        null,
        Format.PROPERTIES,
        "ana",
        AT,
        "why",
        "publish id",
        8,
        90,
        SUM,
        "",
        40,
        null,
        null);
  }

  private static Head head(Head.State state, @Nullable ReleaseRef stable) {
    return new Head(
        1,
        2,
        3,
        state,
        stable,
        List.of(),
        null,
        List.of(),
        List.of("prod/shared/base"),
        null,
        "",
        "",
        "",
        "ana",
        AT,
        "",
        null,
        null,
        null);
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredConfigRecordsTest.class.getResource("/recorded/config-records-1.txt"));
  }
}
