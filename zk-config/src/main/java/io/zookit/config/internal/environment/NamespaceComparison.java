package io.zookit.config.internal.environment;

import io.zookit.config.Content;
import io.zookit.config.Environments;
import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import io.zookit.config.format.Document;
import io.zookit.config.format.Format;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.zk.Sealer;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.config.secret.SealedValue;
import io.zookit.config.secret.SecretException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what is stable in two namespaces.
 *
 * <p>The sealed texts of one secret differ in every namespace. Where the plain values are the same, the one side is given the
 * sealed text of the other before the texts are compared; no plain value is put into a text.
 */
final class NamespaceComparison {

  private final StoredConfigReader reader;
  private final Sealer sealer;

  NamespaceComparison(StoredConfigReader reader, Sealer sealer) {
    this.reader = reader;
    this.sealer = sealer;
  }

  Environments.Comparison compare(Namespace from, Namespace to) throws InterruptedException {
    Head fromHead = reader.present(from).head();
    Head toHead = reader.present(to).head();
    Content fromContent = reader.stable(from, fromHead, Format.PROPERTIES);
    Content toContent = reader.stable(to, toHead, fromContent.format());
    List<String> uncompared = new ArrayList<>();
    Map<String, String> aligned = aligned(from, fromContent, to, toContent, uncompared);
    Content comparable =
        aligned.isEmpty() ? toContent : Content.of(toContent.document().replaceAll(aligned));
    Diff diff = Sealer.difference(from.toString(), fromContent, to.toString(), comparable);
    boolean structured =
        isStructured(fromContent.document()) || isStructured(comparable.document());
    boolean same = uncompared.isEmpty() && (structured ? diff.keys().isEmpty() : diff.isEmpty());
    return new Environments.Comparison(
        from, fromHead.stableNumber(), to, toHead.stableNumber(), same, diff, uncompared);
  }

  /** The sealed texts of {@code from} for the keys of {@code to} whose difference is not to be shown. */
  private Map<String, String> aligned(
      Namespace from, Content fromContent, Namespace to, Content toContent, List<String> uncompared)
      throws InterruptedException {
    Map<String, String> aligned = new TreeMap<>();
    for (Map.Entry<String, String> each : new TreeMap<>(toContent.values()).entrySet()) {
      String key = each.getKey();
      String other = fromContent.get(key).orElse("");
      if (!SealedValue.isSealed(each.getValue())
          || !SealedValue.isSealed(other)
          || other.equals(each.getValue())) {
        continue;
      }
      try {
        if (sealer.isSameSecret(from, other, to, key, each.getValue())) {
          aligned.put(key, other);
        }
      } catch (SecretException e) {
        uncompared.add(key);
        aligned.put(key, other);
      }
    }
    return aligned;
  }

  private static boolean isStructured(Document document) {
    return document.format().isStructured();
  }
}
