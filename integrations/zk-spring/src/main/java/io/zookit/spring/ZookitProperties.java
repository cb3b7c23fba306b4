package io.zookit.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code zookit.*}. Passwords are never shown by {@code toString}.
 *
 * @param enabled whether the beans of Zookit exist
 * @param connect the servers, host:port[,host:port...][/chroot]
 * @param root the path that everything is stored below
 * @param sessionTimeout the session timeout to ask for; the servers may change it
 * @param connectTimeout the longest wait for the first connection; 10 s unless set
 * @param label the name of this process in lock queues and logs; host:pid unless set
 * @param digest the user of ZooKeeper's digest scheme
 * @param tls the stores for TLS
 * @param access the identities that play each role, such as access.admin=digest:ana:HASH
 * @param allowUnauthenticated whether servers on other machines are used without credentials
 * @param acceptServerVersions versions of servers that are used although they have a known flaw
 * @param instance the identity of this process in the configuration
 * @param snapshots the folder that keeps the last good releases, for a start without ZooKeeper
 * @param keys the keys that secrets of the configuration are opened with
 * @param fence the table in which databases keep the newest fencing tokens
 */
@ConfigurationProperties("zookit")
public record ZookitProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("localhost:2181") String connect,
    @DefaultValue("/zookit") String root,
    @DefaultValue("15s") Duration sessionTimeout,
    @Nullable Duration connectTimeout,
    @Nullable String label,
    @Nullable DigestLogin digest,
    @Nullable TlsStores tls,
    @DefaultValue Map<String, List<String>> access,
    @DefaultValue("false") boolean allowUnauthenticated,
    @DefaultValue List<String> acceptServerVersions,
    @DefaultValue ConfigInstance instance,
    @Nullable Path snapshots,
    @Nullable MasterKeyLocation keys,
    @DefaultValue FenceTable fence) {

  /**
   * A user of the digest scheme.
   *
   * @param user the name
   * @param password the password
   */
  public record DigestLogin(String user, String password) {

    @Override
    public String toString() {
      return "digest user " + user;
    }
  }

  /**
   * The stores for TLS, in PEM, JKS or PKCS12.
   *
   * @param trustStore the certificates to trust; the JVM's unless set
   * @param trustStorePassword the password of the trust store, if it has one
   * @param keyStore the key and certificate that this client identifies itself with, if it does
   * @param keyStorePassword the password of the key store, if it has one
   * @param hostnameVerification whether the name of a server must be the one in its certificate
   */
  public record TlsStores(
      @Nullable Path trustStore,
      @Nullable String trustStorePassword,
      @Nullable Path keyStore,
      @Nullable String keyStorePassword,
      @DefaultValue("true") boolean hostnameVerification) {

    @Override
    public String toString() {
      return "TLS with trust store " + trustStore + ", key store " + keyStore;
    }
  }

  /**
   * The identity of this process in the configuration, which gray releases are given by.
   *
   * @param id unique among the processes that run; kept in the folder of snapshots, or random, unless set
   * @param address the IP address that rules may ask for
   * @param labels labels that rules may ask for
   */
  public record ConfigInstance(
      @Nullable String id,
      @Nullable String address,
      @DefaultValue Map<String, String> labels) {}

  /**
   * The place of the master keys; one of the two.
   *
   * @param file a file with a line name=base64 for each key, readable by its owner only
   * @param variable an environment variable with name:base64 for each key and commas between
   */
  public record MasterKeyLocation(
      @Nullable Path file, @Nullable String variable) {}

  /**
   * The table in which databases keep the newest fencing tokens.
   *
   * @param table the name, with or without a schema
   * @param createTable whether it is created at the start, if a method has @FencedLock
   */
  public record FenceTable(
      @DefaultValue("zookit_fences") String table,
      @DefaultValue("true") boolean createTable) {}
}
