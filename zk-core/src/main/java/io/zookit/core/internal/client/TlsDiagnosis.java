package io.zookit.core.internal.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.common.X509Exception;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a server that takes connections gives no session over TLS. ZooKeeper's client drops the reason of a failed
 * handshake, so a wrong name in a certificate looks like a server that is not there. Made only after a connect has failed:
 * one handshake with the settings of the client, first without its check of the name, then with it.
 */
final class TlsDiagnosis {

  private TlsDiagnosis() {}

  /** Tells if these settings connect over TLS. */
  static boolean applies(ZKClientConfig config) {
    return config.getBoolean(ZKClientConfig.SECURE_CLIENT, false);
  }

  /** Diagnoses TLS to a server; empty if nothing is wrong. */
  static Optional<String> of(InetSocketAddress server, ZKClientConfig config, int timeoutMillis) {
    try (ClientX509Util tls = new ClientX509Util()) {
      SSLContext context = tls.createSSLContext(
          new AnyName(config, tls.getSslHostnameVerificationEnabledProperty()));
      Certificate[] shown = handshake(server, context, false, timeoutMillis);
      return tls.isServerHostnameVerificationEnabled(config)
          ? mismatch(server, shown, context, timeoutMillis)
          : Optional.empty();
    } catch (X509Exception e) {
      return Optional.of("TLS: the key or trust store cannot be used: " + rootOf(e));
    } catch (SSLException e) {
      return Optional.of("TLS: the handshake failed: " + rootOf(e));
    } catch (IOException e) {
      return Optional.of("TLS: the connection ended in the handshake: " + rootOf(e));
    }
  }

  private static Optional<String> mismatch(
      InetSocketAddress server, Certificate[] shown, SSLContext context, int timeoutMillis)
      throws IOException {
    try {
      handshake(server, context, true, timeoutMillis);
      return Optional.empty();
    } catch (SSLException e) {
      return Optional.of("TLS host name mismatch: the certificate of the server is for "
          + namesOf(shown) + ", not for " + server.getHostString());
    }
  }

  /** Shakes hands, and waits for what the server has against the client, which comes behind that. */
  private static Certificate[] handshake(
      InetSocketAddress server, SSLContext context, boolean verifyName, int timeoutMillis)
      throws IOException {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(server.getHostString(), server.getPort()), timeoutMillis);
      plain.setSoTimeout(timeoutMillis);
      SSLSocket socket = (SSLSocket) context
          .getSocketFactory()
          .createSocket(plain, server.getHostString(), server.getPort(), true);
      if (verifyName) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      Certificate[] shown = socket.getSession().getPeerCertificates();
      socket.getOutputStream().write(new byte[] {'s', 'r', 'v', 'r'});
      socket.getOutputStream().flush();
      socket.getInputStream().read();
      return shown;
    }
  }

  private static String namesOf(Certificate[] chain) {
    if (chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
      return "no name";
    }
    try {
      String names = Optional.ofNullable(certificate.getSubjectAlternativeNames()).stream()
          .flatMap(Collection::stream)
          .map(name -> String.valueOf(name.get(1)))
          .collect(Collectors.joining(", "));
      return names.isEmpty() ? certificate.getSubjectX500Principal().getName() : names;
    } catch (CertificateParsingException e) {
      return certificate.getSubjectX500Principal().getName();
    }
  }

  /** The same settings without the check of the name. */
  private static final class AnyName extends ZKClientConfig {

    private final @Nullable ZKClientConfig given;
    private final @Nullable String check;

    AnyName(ZKClientConfig given, String check) {
      this.given = given;
      this.check = check;
    }

    @Override
    public @Nullable String getProperty(String key) {
      if (given == null) { // while the superclass is constructed
        return super.getProperty(key);
      }
      return key.equals(check) ? "false" : given.getProperty(key);
    }

    @Override
    public @Nullable String getProperty(String key, @Nullable String otherwise) {
      String value = getProperty(key);
      return value == null ? otherwise : value;
    }
  }

  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }
}
