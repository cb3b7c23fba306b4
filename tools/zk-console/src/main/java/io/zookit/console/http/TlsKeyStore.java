package io.zookit.console.http;

import io.zookit.console.auth.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The key and certificate with which the console ends TLS itself: a PKCS12 or JKS file, and a file with its password.
 *
 * @param keyStore is read again when it changes, so that a renewed certificate is used without a restart
 * @param password of the key store and of its keys
 */
public record TlsKeyStore(Path keyStore, String password) {

  private static final int LONGEST_PASSWORD = 1_024;

  /**
   * Opens a key store, to find out what is wrong with it before the first browser does.
   *
   * @throws IllegalArgumentException if a file cannot be read, others than its owner may use it, the password is wrong, or
   *     there is no key
   */
  public static TlsKeyStore open(Path keyStore, Path passwordFile) {
    PrivateFiles.requirePrivate(readable("--tls-password-file", passwordFile));
    PrivateFiles.requirePrivate(readable("--tls-keystore", keyStore));
    try {
      String password = password(passwordFile);
      KeyStore store = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          store.getKey(alias, password.toCharArray());
          return new TlsKeyStore(keyStore.toAbsolutePath(), password);
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "--tls-keystore: " + keyStore + " cannot be opened: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("--tls-keystore: " + keyStore + " holds no key");
  }

  private static Path readable(String option, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(option + ": " + file + " cannot be read");
    }
    return file;
  }

  private static String password(Path file) throws IOException {
    String text = Files.readString(file).strip();
    if (text.isEmpty() || text.length() > LONGEST_PASSWORD) {
      throw new IllegalArgumentException("--tls-password-file: " + file + " holds " + text.length()
          + " characters (expected: 1 to " + LONGEST_PASSWORD + ")");
    }
    return text;
  }

  /** Returns the context of the server: TLS 1.2 and 1.3. */
  SslContextFactory.Server context() {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStorePath(keyStore.toString());
    context.setKeyStorePassword(password);
    context.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    return context;
  }

  @Override
  public String toString() {
    return "TLS by " + keyStore;
  }
}
