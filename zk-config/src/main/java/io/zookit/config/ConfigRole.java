package io.zookit.config;

import static io.zookit.core.Permission.CREATE;
import static io.zookit.core.Permission.DELETE;
import static io.zookit.core.Permission.READ;
import static io.zookit.core.Permission.WRITE;

import io.zookit.core.internal.AccessTable;

/**
 * The roles of a configuration, to be given identities by {@link io.zookit.core.AccessPolicy#withRole}.
 *
 * <p>Access lists bind everybody, also who speaks to ZooKeeper directly. What they cannot say is said by policies only:
 * approvals, freezes, rules for single keys, and that an acknowledgement is true.
 */
public final class ConfigRole {

  /** Reads releases, and says what it has. */
  public static final String APPLICATION = "config-application";

  /** Writes drafts; publishes nothing. */
  public static final String EDITOR = "config-editor";

  /** Makes releases and changes what is in force; removes no release. */
  public static final String PUBLISHER = "config-publisher";

  /** Removes old releases and blobs, and purges. */
  public static final String KEEPER = "config-keeper";

  private static final String NAMESPACE = "config/*/apps/*/*";

  static final AccessTable TABLE = AccessTable.membersOnly()
      .grant("config/**", APPLICATION, READ)
      .grant("config/**", EDITOR, READ)
      .grant("config/**", PUBLISHER, READ)
      .grant("config/**", KEEPER, READ)
      .grant("config-acks/**", APPLICATION, READ, CREATE, WRITE, DELETE)
      .grant("config-acks/**", EDITOR, READ)
      .grant("config-acks/**", PUBLISHER, READ, CREATE)
      .grant("config-acks/**", KEEPER, READ)
      .grant(NAMESPACE + "/drafts", EDITOR, CREATE, DELETE)
      .grant(NAMESPACE + "/drafts/*", EDITOR, WRITE)
      .grant("config", PUBLISHER, CREATE)
      .grant("config/*", PUBLISHER, CREATE)
      .grant("config/*/apps", PUBLISHER, CREATE)
      .grant("config/*/apps/*", PUBLISHER, CREATE)
      .grant(NAMESPACE, PUBLISHER, CREATE)
      .grant(NAMESPACE + "/head", PUBLISHER, WRITE)
      .grant(NAMESPACE + "/policy", PUBLISHER, WRITE)
      .grant(NAMESPACE + "/releases", PUBLISHER, CREATE)
      .grant(NAMESPACE + "/audit", PUBLISHER, CREATE)
      .grant(NAMESPACE + "/drafts", PUBLISHER, CREATE, DELETE)
      .grant(NAMESPACE + "/drafts/*", PUBLISHER, WRITE)
      .grant("config/*/blobs", PUBLISHER, CREATE)
      .grant("config/*/blobs/*", PUBLISHER, CREATE, WRITE)
      .grant("config/*/keys", PUBLISHER, CREATE)
      .grant("config/*/keys/*", PUBLISHER, WRITE)
      .grant(NAMESPACE + "/head", KEEPER, WRITE)
      .grant(NAMESPACE + "/audit", KEEPER, CREATE)
      .grant(NAMESPACE + "/releases", KEEPER, DELETE)
      .grant(NAMESPACE + "/drafts", KEEPER, DELETE)
      .grant("config/*/blobs", KEEPER, DELETE)
      .grant("config/*/blobs/*", KEEPER, DELETE);

  private ConfigRole() {}
}
