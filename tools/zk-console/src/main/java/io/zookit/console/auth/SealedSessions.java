package io.zookit.console.auth;

import io.zookit.core.Role;
import io.zookit.core.Timekeeper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sessions that a browser keeps: the subject, sealed with AES-256-GCM under a key that this process draws at its start and
 * never stores. A session ends at its time, when it is revoked, and with the process.
 *
 * <p><i>Threads:</i> any.
 */
final class SealedSessions {

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int FIELDS = 5;
  private static final int LONGEST = 2048;
  private static final String SEPARATOR = "\n";

  private final Timekeeper timekeeper;
  private final SecretKeySpec key = new SecretKeySpec(Secrets.randomBytes(KEY_BYTES), "AES");
  private final Map<String, Instant> revoked = new ConcurrentHashMap<>();

  SealedSessions(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
  }

  /** Seals a subject. */
  String seal(Subject subject) {
    String plain = String.join(
        SEPARATOR,
        subject.id(),
        subject.role().name(),
        subject.until().toString(),
        subject.token(),
        subject.name());
    byte[] nonce = Secrets.randomBytes(NONCE_BYTES);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, plain.getBytes(StandardCharsets.UTF_8))
        .orElseThrow();
    byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /** Opens a session; empty if it was not sealed here, has ended or was revoked. */
  Optional<Subject> open(String session) {
    return bytes(session)
        .filter(all -> all.length > NONCE_BYTES + TAG_BITS / 8)
        .flatMap(all -> crypt(
            Cipher.DECRYPT_MODE,
            Arrays.copyOf(all, NONCE_BYTES),
            Arrays.copyOfRange(all, NONCE_BYTES, all.length)))
        .map(plain -> subject(new String(plain, StandardCharsets.UTF_8)))
        .filter(this::isValid);
  }

  /** Tells if a session has neither ended nor been revoked. */
  boolean isValid(Subject subject) {
    return timekeeper.now().isBefore(subject.until()) && !revoked.containsKey(subject.id());
  }

  /** Revokes a session until its end. */
  void revoke(Subject subject) {
    Instant now = timekeeper.now();
    revoked.values().removeIf(until -> !now.isBefore(until));
    revoked.put(subject.id(), subject.until());
  }

  private static Subject subject(String plain) {
    String[] fields = plain.split(SEPARATOR, FIELDS);
    return new Subject(
        fields[4], Role.valueOf(fields[1]), Instant.parse(fields[2]), fields[0], fields[3]);
  }

  private static Optional<byte[]> bytes(String session) {
    try {
      return session.length() > LONGEST
          ? Optional.empty()
          : Optional.of(Base64.getUrlDecoder().decode(session));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not of this alphabet, so not sealed here
    }
  }

  /** Empty if what is to be opened was not sealed under this key. */
  private Optional<byte[]> crypt(int mode, byte[] nonce, byte[] text) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      return Optional.of(cipher.doFinal(text));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES in GCM", e);
    }
  }
}
