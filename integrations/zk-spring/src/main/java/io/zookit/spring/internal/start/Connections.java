package io.zookit.spring.internal.start;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.UnsupportedServerException;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.ZkUnavailableException;
import io.zookit.spring.ZookitProperties;
import io.zookit.spring.ZookitProperties.DigestLogin;
import io.zookit.spring.ZookitProperties.TlsStores;
import io.zookit.spring.ZookitStartException;
import java.util.function.Function;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/** Creates clients from properties, and says what to do where that is not possible. */
public final class Connections {

  private static final String WITHOUT =
      " With zookit.enabled=false the application starts without Zookit.";

  private Connections() {}

  /**
   * A builder with the settings of the properties.
   *
   * @throws ZookitStartException if one of them is not valid
   */
  public static ZkClientBuilder builder(ZookitProperties properties, String connect) {
    return explained(connect, servers -> {
      ZkClientBuilder builder = ZkClient.builder(servers)
          .root(properties.root())
          .sessionTimeout(properties.sessionTimeout());
      apply(properties, builder);
      return builder;
    });
  }

  /**
   * Connects.
   *
   * @throws ZookitStartException if that fails
   */
  public static ZkClient connect(ZkClientBuilder builder, String connect) {
    return explained(connect, servers -> builder.connect());
  }

  /**
   * Starts connecting and returns at once.
   *
   * @throws ZookitStartException if the settings are refused
   */
  public static ZkClient start(ZkClientBuilder builder, String connect) {
    return explained(connect, servers -> builder.start());
  }

  private static void apply(ZookitProperties properties, ZkClientBuilder builder) {
    if (properties.connectTimeout() != null) {
      builder.connectTimeout(properties.connectTimeout());
    }
    if (properties.label() != null) {
      builder.label(properties.label());
    }
    DigestLogin digest = properties.digest();
    if (digest != null) {
      builder.digest(digest.user(), digest.password());
    }
    if (properties.tls() != null) {
      builder.zooKeeperConfig(config(properties.tls()));
    }
    if (!properties.access().isEmpty()) {
      builder.access(policy(properties));
    }
    if (properties.allowUnauthenticated()) {
      builder.allowUnauthenticated();
    }
    properties.acceptServerVersions().forEach(builder::acceptServerVersion);
  }

  private static AccessPolicy policy(ZookitProperties properties) {
    AccessPolicy policy = AccessPolicy.of(java.util.Map.of());
    for (var role : properties.access().entrySet()) {
      Identity[] identities =
          role.getValue().stream().map(Identity::parse).toArray(Identity[]::new);
      policy = policy.withRole(role.getKey(), identities);
    }
    return policy;
  }

  private static ZKClientConfig config(TlsStores tls) {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty("zookeeper.client.secure", "true");
    config.setProperty("zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNetty");
    set(config, "zookeeper.ssl.trustStore.location", tls.trustStore());
    set(config, "zookeeper.ssl.trustStore.password", tls.trustStorePassword());
    set(config, "zookeeper.ssl.keyStore.location", tls.keyStore());
    set(config, "zookeeper.ssl.keyStore.password", tls.keyStorePassword());
    set(config, "zookeeper.ssl.hostnameVerification", tls.hostnameVerification());
    return config;
  }

  private static void set(ZKClientConfig config, String name, @Nullable Object value) {
    if (value != null) {
      config.setProperty(name, value.toString());
    }
  }

  private static <T> T explained(String connect, Function<String, T> action) {
    try {
      return action.apply(connect);
    } catch (ZkUnavailableException e) {
      throw new ZookitStartException(
          "ZooKeeper cannot be reached at " + connect + ": " + e.getMessage() + ".",
          "Start ZooKeeper there, or set zookit.connect to where it is." + WITHOUT,
          e);
    } catch (ZkAccessException e) {
      throw new ZookitStartException(
          "ZooKeeper at " + connect + " refuses the credentials of this application: "
              + e.getMessage() + ".",
          "Correct zookit.digest.user and zookit.digest.password, or zookit.tls.*; or let an operator grant this"
              + " identity the role application: zookit access grant application IDENTITY.",
          e);
    } catch (UnsupportedServerException e) {
      throw new ZookitStartException(
          "A server of " + connect + " is of a version with a known flaw: " + e.getMessage() + ".",
          "Upgrade the server. If its vendor has ported the fix back, name the version in"
              + " zookit.accept-server-versions.",
          e);
    } catch (IllegalArgumentException e) {
      throw new ZookitStartException(
          "The properties zookit.* are not valid: " + e.getMessage() + ".", actionFor(e), e);
    }
  }

  private static String actionFor(IllegalArgumentException problem) {
    return String.valueOf(problem.getMessage()).startsWith("credentials:")
        ? "Set zookit.digest.user and zookit.digest.password, or a key store in zookit.tls.*; or, in a network in"
            + " which every process may change everything, zookit.allow-unauthenticated=true."
        : "Correct the property that the text names.";
  }
}
