package io.zookit.config.internal.zk;

import io.zookit.config.ConfigRejectedException;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.format.Diff;
import io.zookit.config.format.Document;
import io.zookit.config.secret.DataKey;
import io.zookit.config.secret.SealedValue;
import io.zookit.config.secret.SecretException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Seals the secret values of contents, and opens them.
 *
 * <p>A value is sealed when it is marked, when the policy says so, or when it was sealed in the release before: a secret
 * does not become public by being edited. A value that did not change keeps its sealed text, so that an unchanged content is
 * the same text.
 */
public final class Sealer {

  private final KeyRing keys;

  Sealer(KeyRing keys) {
    this.keys = keys;
  }

  /**
   * The content as it may be stored.
   *
   * @param before what was stored before
   * @throws ConfigRejectedException if a sealed value does not belong here
   */
  public Content seal(Namespace ns, Policy policy, Content content, Content before)
      throws InterruptedException {
    Map<String, String> replaced = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, String> each : content.values().entrySet()) {
      String key = each.getKey();
      Optional<String> old = before.get(key).filter(SealedValue::isSealed);
      if (SealedValue.isSealed(each.getValue())) {
        if (!old.equals(Optional.of(each.getValue()))) {
          foreign(ns, key, each.getValue()).ifPresent(problems::add);
        }
      } else if (content.markedSecrets().contains(key) || policy.isSecret(key) || old.isPresent()) {
        replaced.put(key, sealed(ns, key, each.getValue(), old));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigRejectedException(ns, problems);
    }
    return Content.of(
        replaced.isEmpty() ? content.document() : content.document().replaceAll(replaced));
  }

  /** Tells if a content is the same as a stored one, also if its secrets are not sealed yet. */
  public boolean isSame(Namespace ns, Policy policy, Content content, Content stored)
      throws InterruptedException {
    if (content.format() != stored.format()
        || !content.values().keySet().equals(stored.values().keySet())) {
      return false;
    }
    for (Map.Entry<String, String> each : stored.values().entrySet()) {
      String value = content.values().getOrDefault(each.getKey(), "");
      boolean comparable = SealedValue.isSealed(each.getValue()) && !SealedValue.isSealed(value);
      if (!comparable && !each.getValue().equals(value)) {
        return false;
      }
    }
    return seal(ns, policy, content, stored).text().equals(stored.text());
  }

  /** All values, opened. */
  public Map<String, String> open(Namespace ns, Document document) throws InterruptedException {
    Map<String, String> opened = new HashMap<>(document.values());
    opened.putAll(secrets(ns, document));
    return opened;
  }

  /** The content with its secrets opened and marked. */
  public Content reveal(Namespace ns, Content content) throws InterruptedException {
    Map<String, String> secrets = secrets(ns, content.document());
    return secrets.isEmpty()
        ? content
        : content
            .withDocument(content.document().replaceAll(secrets))
            .markSecret(secrets.keySet().toArray(new String[0]));
  }

  /**
   * Tells if two sealed values of a key in two namespaces are the same: one is opened, the other compared by its mark.
   *
   * @throws SecretException if a key to open one of them is missing
   */
  public boolean isSameSecret(
      Namespace ns, String text, Namespace other, String key, String otherText)
      throws InterruptedException {
    SealedValue sealed = SealedValue.read(otherText)
        .orElseThrow(() -> new SecretException(place(other, key) + ": no sealed value"));
    return keys.opening(other.env(), sealed.keyId())
        .marks(sealed, open(ns, key, text), place(other, key));
  }

  public boolean canOpen() {
    return keys.canOpen();
  }

  private Map<String, String> secrets(Namespace ns, Document document) throws InterruptedException {
    Map<String, String> opened = new TreeMap<>();
    for (Map.Entry<String, String> each : document.values().entrySet()) {
      if (SealedValue.isSealed(each.getValue())) {
        opened.put(each.getKey(), open(ns, each.getKey(), each.getValue()));
      }
    }
    return opened;
  }

  private String open(Namespace ns, String key, String text) throws InterruptedException {
    SealedValue value = SealedValue.read(text)
        .orElseThrow(() -> new SecretException(place(ns, key) + ": no sealed value"));
    return keys.opening(ns.env(), value.keyId()).open(value, place(ns, key));
  }

  private String sealed(Namespace ns, String key, String plain, Optional<String> old)
      throws InterruptedException {
    String place = place(ns, key);
    Optional<SealedValue> was = old.flatMap(SealedValue::read);
    if (was.isPresent()) {
      DataKey of = keys.opening(ns.env(), was.get().keyId());
      if (of.marks(was.get(), plain, place)) {
        return was.get().toString();
      }
    }
    return keys.sealing(ns.env()).seal(plain, place).toString();
  }

  /** The problem of a sealed value that was not in the content before. */
  private Optional<String> foreign(Namespace ns, String key, String text)
      throws InterruptedException {
    if (!canOpen()) {
      return Optional.of(key + ": a sealed value that cannot be checked without keys");
    }
    try {
      open(ns, key, text);
      return Optional.empty();
    } catch (SecretException e) {
      return Optional.of(key + ": a sealed value that belongs elsewhere, or was changed");
    }
  }

  private static String place(Namespace ns, String key) {
    return ns + "/" + key;
  }

  /** A difference that hides what is secret on either side. */
  public static Diff difference(String fromName, Content from, String toName, Content to) {
    return Diff.between(
        fromName,
        from.document(),
        toName,
        to.document(),
        (key, value) -> SealedValue.isSealed(value) || from.isSecret(key) || to.isSecret(key));
  }
}
