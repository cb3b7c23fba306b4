package io.zookit.config;

import io.zookit.config.format.Document;
import io.zookit.config.format.Format;

/** What a release holds, ready to be stored: sealed, checked, compressed. */
record Body(Format format, int keys, PackedText text) {

  static Body of(Content sealed) {
    Document document = sealed.document();
    return new Body(document.format(), document.values().size(), PackedText.of(document.text()));
  }

  /** The same as an earlier release, byte for byte. */
  static Body of(Manifest manifest, byte[] packed) {
    return new Body(
        manifest.format(),
        manifest.keys(),
        new PackedText(packed, manifest.sha256(), manifest.size()));
  }

  boolean isSameAs(Head head) {
    Pointer stable = head.stable();
    return stable != null && stable.sha256().equals(text.sha256());
  }
}
