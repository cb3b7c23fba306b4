package io.zookit.config.internal.publish;

import io.zookit.config.Content;
import io.zookit.config.format.Document;
import io.zookit.config.format.Format;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Manifest;
import io.zookit.config.internal.model.PackedText;
import io.zookit.config.internal.model.ReleaseRef;

/** Content of a release, ready to be stored: sealed, checked, compressed. */
public record PreparedContent(Format format, int keys, PackedText text) {

  public static PreparedContent of(Content sealed) {
    Document document = sealed.document();
    return new PreparedContent(
        document.format(), document.values().size(), PackedText.of(document.text()));
  }

  /** The same as an earlier release, byte for byte. */
  public static PreparedContent of(Manifest manifest, byte[] packed) {
    return new PreparedContent(
        manifest.format(),
        manifest.keys(),
        new PackedText(packed, manifest.sha256(), manifest.size()));
  }

  public boolean isSameAs(Head head) {
    ReleaseRef stable = head.stable();
    return stable != null && stable.sha256().equals(text.sha256());
  }
}
