package io.zookit.spring.internal.start;

import io.zookit.config.ConfigStore;
import io.zookit.config.ConfigStoreBuilder;
import io.zookit.config.gray.Instance;
import io.zookit.config.secret.KeyProvider;
import io.zookit.config.secret.SecretException;
import io.zookit.core.ZkClient;
import io.zookit.spring.ZookitProperties;
import io.zookit.spring.ZookitProperties.ConfigInstance;
import io.zookit.spring.ZookitProperties.MasterKeyLocation;
import io.zookit.spring.ZookitStartException;

/** Creates configuration stores from properties. */
public final class ConfigStores {

  private ConfigStores() {}

  /**
   * A builder with the settings of the properties.
   *
   * @throws ZookitStartException if one of them is not valid
   */
  public static ConfigStoreBuilder builder(ZookitProperties properties, ZkClient client) {
    ConfigStoreBuilder builder = ConfigStore.builder(client);
    ConfigInstance identity = properties.instance();
    if (identity.id() != null) {
      builder.instance(instance(identity, identity.id()));
    } else if (identity.address() != null || !identity.labels().isEmpty()) {
      throw new ZookitStartException(
          "zookit.instance has an address or labels, and no id.",
          "Set zookit.instance.id to a name that no other running process has.");
    }
    if (properties.snapshots() != null) {
      builder.snapshots(properties.snapshots());
    }
    if (properties.keys() != null) {
      builder.keys(keys(properties.keys()));
    }
    return builder;
  }

  private static Instance instance(ConfigInstance identity, String id) {
    try {
      String address = identity.address() == null ? "" : identity.address();
      return new Instance(id, address, identity.labels());
    } catch (IllegalArgumentException e) {
      throw new ZookitStartException(
          "zookit.instance is not valid: " + e.getMessage() + ".", "Correct the property.", e);
    }
  }

  private static KeyProvider keys(MasterKeyLocation location) {
    if ((location.file() == null) == (location.variable() == null)) {
      throw new ZookitStartException(
          "zookit.keys names a file and a variable, or neither.",
          "Set one of zookit.keys.file and zookit.keys.variable.");
    }
    try {
      return location.file() != null
          ? KeyProvider.inFile(location.file())
          : KeyProvider.inEnvironment(String.valueOf(location.variable()));
    } catch (SecretException e) {
      throw new ZookitStartException(
          "The keys of zookit.keys cannot be used: " + e.getMessage() + ".",
          "Correct the file or the variable: a line or entry for each key, name and base64 of 32 bytes.",
          e);
    }
  }
}
