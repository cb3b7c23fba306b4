package io.zookit.core.internal.client;

import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.common.X509Exception;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what a configuration of ZooKeeper's client says about encryption and credentials. */
final class ClientConfigSecurity {

  private static final Logger log = LoggerFactory.getLogger(ClientConfigSecurity.class);

  private ClientConfigSecurity() {}

  /** Tells if the connection is encrypted. */
  static boolean isTls(@Nullable ZKClientConfig config) {
    return config != null && Boolean.parseBoolean(config.getProperty(ZKClientConfig.SECURE_CLIENT));
  }

  /**
   * Tells if the connection can prove an identity: a certificate of its own over TLS, or a SASL login. A server that
   * asks for neither treats the connection as anonymous all the same.
   */
  static boolean authenticates(@Nullable ZKClientConfig config) {
    return config != null && (hasCertificate(config) || hasLogin(config));
  }

  /**
   * The context of TLS handshakes; empty if the key or trust store cannot be used, which the connection reports itself.
   */
  static Optional<SSLContext> tlsContext(ZKClientConfig config) {
    try (ClientX509Util tls = new ClientX509Util()) {
      return Optional.of(tls.createSSLContext(config));
    } catch (X509Exception e) {
      log.debug("no server can be asked over TLS", e);
      return Optional.empty();
    }
  }

  private static boolean hasCertificate(ZKClientConfig config) {
    try (ClientX509Util names = new ClientX509Util()) {
      return isTls(config)
          && (isSet(config, names.getSslKeystoreLocationProperty())
              || isSet(config, names.getSslContextSupplierClassProperty()));
    }
  }

  /** SASL is on by default; without an entry of the JVM's login configuration the library goes on without it. */
  private static boolean hasLogin(ZKClientConfig config) {
    if (!config.isSaslClientEnabled()) {
      return false;
    }
    String name = Objects.requireNonNullElse(
        config.getProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY),
        ZKClientConfig.LOGIN_CONTEXT_NAME_KEY_DEFAULT);
    try {
      return Configuration.getConfiguration().getAppConfigurationEntry(name) != null;
    } catch (SecurityException e) {
      return false; // the JVM has no login configuration
    }
  }

  private static boolean isSet(ZKClientConfig config, String property) {
    String value = config.getProperty(property);
    return value != null && !value.isBlank();
  }
}
