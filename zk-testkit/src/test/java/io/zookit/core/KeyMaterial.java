package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A key and its own certificate, made for a test, in the formats that ZooKeeper takes. */
record KeyMaterial(Path folder, String name, Format format) {

  static final String PASSWORD = "changeit-canary-5c1";

  private static final String ALIAS = "key";

  enum Format {
    JKS,
    PKCS12,
    PEM;

    String extension() {
      return this == PKCS12 ? ".p12" : "." + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** A new key for {@code CN=name}, good for this machine's loopback address. */
  static KeyMaterial generate(Path folder, String name, Format format) {
    return generate(folder, name, format, "ip:127.0.0.1,dns:localhost");
  }

  /** A new key for {@code CN=name}, good for the alternative names. */
  static KeyMaterial generate(Path folder, String name, Format format, String alternatives) {
    KeyMaterial made = new KeyMaterial(folder, name, format);
    String type = format == Format.JKS ? "JKS" : "PKCS12";
    Path store = folder.resolve(name + (format == Format.JKS ? ".jks" : ".p12"));
    keytool(
        "-genkeypair",
        "-alias",
        ALIAS,
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-validity",
        "2",
        "-dname",
        "CN=" + name,
        "-ext",
        "san=" + alternatives,
        "-storetype",
        type,
        "-keystore",
        store.toString(),
        "-storepass",
        PASSWORD,
        "-keypass",
        PASSWORD);
    made.exportFrom(store, type);
    return made;
  }

  /** The file with key and certificate. */
  Path keys() {
    return folder.resolve(name + format.extension());
  }

  /** The file with the certificate alone, for peers that are to trust it. */
  Path trust() {
    return folder.resolve(name + "-trust" + format.extension());
  }

  private void exportFrom(Path store, String type) {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance(type);
      keys.load(in, PASSWORD.toCharArray());
      Key key = keys.getKey(ALIAS, PASSWORD.toCharArray());
      Certificate certificate = keys.getCertificate(ALIAS);
      if (format == Format.PEM) {
        String trusted = pem("CERTIFICATE", certificate.getEncoded());
        Files.writeString(keys(), pem("PRIVATE KEY", key.getEncoded()) + trusted);
        Files.writeString(trust(), trusted);
      } else {
        KeyStore trusted = KeyStore.getInstance(type);
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate);
        try (var out = Files.newOutputStream(trust())) {
          trusted.store(out, PASSWORD.toCharArray());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key cannot be read", e);
    }
  }

  private static String pem(String what, byte[] encoded) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(encoded);
    return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
  }

  private static void keytool(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
