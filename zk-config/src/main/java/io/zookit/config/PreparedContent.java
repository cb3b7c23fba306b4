package io.zookit.config;

import io.zookit.config.format.Document;
import io.zookit.config.format.Format;

/** What a release holds, ready to be stored: sealed, checked, compressed. */
record PreparedContent(Format format, int keys, PackedText text) {

  static PreparedContent of(Content sealed) {
    Document document = sealed.document();
    return new PreparedContent(
        document.format(), document.values().size(), PackedText.of(document.text()));
  }

  /** The same as an earlier release, byte for byte. */
  static PreparedContent of(Manifest manifest, byte[] packed) {
    return new PreparedContent(
        manifest.format(),
        manifest.keys(),
        new PackedText(packed, manifest.sha256(), manifest.size()));
  }

  boolean isSameAs(Head head) {
    ReleaseRef stable = head.stable();
    return stable != null && stable.sha256().equals(text.sha256());
  }
}
