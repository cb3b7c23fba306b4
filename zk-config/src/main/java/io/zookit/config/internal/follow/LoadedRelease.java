package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import io.zookit.config.format.Document;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.config.secret.SealedValue;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A release as a client has it, with the state of its namespace: ready to be used, not yet used.
 *
 * @param release null when the namespace has none for this client
 * @param rule why this release
 * @param savedAt when it was written to the file it was read from; null when it came from ZooKeeper
 */
record LoadedRelease(
    Namespace ns,
    Head head,
    @Nullable Text release,
    String rule,
    @Nullable Instant savedAt) {

  /** A release decoded: public text, or one with secrets that are still sealed. */
  sealed interface DecodedRelease permits Text, SealedText {}

  /** A text with sealed secrets. */
  record SealedText(Document document, Map<String, SealedValue> secrets)
      implements DecodedRelease {}

  /**
   * A release opened.
   *
   * @param packed the compressed text as it is stored
   * @param values plain
   * @param secrets the keys whose values were sealed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Text(
      Manifest manifest,
      byte[] packed,
      Map<String, String> values,
      Map<String, SealedValue> secrets)
      implements DecodedRelease {

    Set<String> keyIds() {
      return secrets.values().stream().map(SealedValue::keyId).collect(Collectors.toSet());
    }
  }

  /** The same release under a newer head. */
  LoadedRelease under(Head newer, String why) {
    return new LoadedRelease(ns, newer, release, why, null);
  }

  int number() {
    return release == null ? 0 : release.manifest().number();
  }

  /** The length of the text. */
  int size() {
    return release == null ? 0 : release.manifest().size();
  }

  boolean is(ReleaseRef pointer) {
    return release != null && release.manifest().pointer().equals(pointer);
  }

  boolean isDeleted() {
    return head.state() != Head.State.ACTIVE;
  }
}
