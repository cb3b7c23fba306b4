package io.zookit.core.internal.access;

import static io.zookit.core.Permission.CREATE;
import static io.zookit.core.Permission.DELETE;
import static io.zookit.core.Permission.READ;
import static io.zookit.core.Permission.WRITE;
import static io.zookit.core.Role.APPLICATION;
import static io.zookit.core.Role.EDITOR;
import static io.zookit.core.Role.OPERATOR;
import static io.zookit.core.Role.PUBLISHER;
import static io.zookit.core.Role.VIEWER;

import io.zookit.core.Role;
import io.zookit.core.internal.lineage.SuspicionKeeper;
import io.zookit.core.internal.path.ZkPath;
import java.util.ArrayList;
import java.util.List;

/**
 * The rights of each role to each node of all modules; docs/znodes.md shows the same.
 *
 * <p>Only the admin creates and deletes directly below the root: a client that may delete there can remove the access
 * policy, and one that may create there can replace it. What all roles need there is therefore created beforehand
 * ({@link #createdBeforehand}).
 */
public final class NodeAccess {

  private static final List<String> FOLDERS = List.of(
      SuspicionKeeper.SUSPECT,
      "audit",
      "locks",
      "locks-state",
      "latches",
      "barriers",
      "services",
      "service-beats",
      "service-consumers",
      "config",
      "config-acks",
      "jobs",
      "job-nodes",
      "ids",
      "groups");

  /**
   * A path of which no node exists: its list is that of nodes that a fenced transaction creates, which are the
   * application's own and may be anywhere.
   */
  private static final String FENCED = "~fenced";

  private static final String NAMESPACE = "config/*/apps/*/*";

  /** The table. */
  public static final AccessTable TABLE =
      groups(ids(jobs(configuration(services(locks(everywhere(AccessTable.adminsOnly())))))));

  private NodeAccess() {}

  /** The nodes that are created together with the access policy, outer ones first. */
  static List<ZkPath> createdBeforehand(ZkPath root) {
    List<ZkPath> nodes = new ArrayList<>();
    FOLDERS.forEach(folder -> nodes.add(root.own(folder)));
    nodes.add(root.own("jobs").own("~clock"));
    return nodes;
  }

  /** Tells if a node directly below the root is one of Zookit's own. */
  static boolean isKnown(String name) {
    return name.startsWith("~") || FOLDERS.contains(name);
  }

  /** The path by which the list of a node is found: itself, unless it belongs to the application. */
  static ZkPath pathOfList(ZkPath root, ZkPath node) {
    String prefix = root.value() + "/";
    if (!node.value().startsWith(prefix)) {
      return node;
    }
    String first = node.value().substring(prefix.length()).split("/", 2)[0];
    return isKnown(first) ? node : root.own(FENCED);
  }

  /** The path by which the list of a node is found that a fenced transaction creates. */
  public static ZkPath pathOfFenced(ZkPath root) {
    return root.own(FENCED);
  }

  private static AccessTable everywhere(AccessTable table) {
    AccessTable all = table;
    for (Role role : List.of(APPLICATION, VIEWER, EDITOR, PUBLISHER, OPERATOR)) {
      all = all.grant("**", role, READ);
    }
    for (Role role : List.of(APPLICATION, EDITOR, PUBLISHER, OPERATOR)) {
      all = all.grant("~lineage", role, WRITE).grant("~suspect", role, WRITE);
    }
    // Those that change what is audited, or open secrets.
    for (Role role : List.of(APPLICATION, EDITOR, PUBLISHER, OPERATOR)) {
      all = all.grant("audit", role, CREATE).grant("audit/*", role, WRITE, CREATE);
    }
    return all.grant("~incarnation", OPERATOR, WRITE)
        .grant(FENCED, APPLICATION, WRITE, CREATE, DELETE);
  }

  private static AccessTable locks(AccessTable table) {
    return table
        .grant("locks", APPLICATION, CREATE)
        .grant("locks/*/**", APPLICATION, WRITE, CREATE, DELETE)
        .grant("locks/*/**", OPERATOR, WRITE, DELETE)
        .grant("locks-state", APPLICATION, CREATE)
        .grant("locks-state/*/**", APPLICATION, WRITE, CREATE)
        .grant("locks-state", OPERATOR, CREATE)
        .grant("locks-state/*/**", OPERATOR, WRITE, CREATE)
        .grant("latches", APPLICATION, CREATE)
        .grant("latches/*/**", APPLICATION, WRITE, CREATE, DELETE)
        .grant("barriers", APPLICATION, CREATE)
        .grant("barriers/*/**", APPLICATION, WRITE, CREATE, DELETE);
  }

  private static AccessTable services(AccessTable table) {
    AccessTable all = table
        .grant("services", APPLICATION, CREATE)
        .grant("services/*", APPLICATION, WRITE, CREATE)
        .grant("services/*/~b*", APPLICATION, CREATE, DELETE)
        .grant("services/*/~b*/*", APPLICATION, WRITE)
        .grant("services", OPERATOR, CREATE, DELETE)
        .grant("services/*", OPERATOR, CREATE, DELETE)
        .grant("services/*/~policy", OPERATOR, WRITE);
    for (String beside : List.of("service-beats", "service-consumers")) {
      all = all.grant(beside, APPLICATION, CREATE)
          .grant(beside + "/*/**", APPLICATION, WRITE, CREATE, DELETE)
          .grant(beside + "/**", OPERATOR, DELETE);
    }
    return all;
  }

  private static AccessTable configuration(AccessTable table) {
    return table
        .grant("config-acks/**", APPLICATION, CREATE, WRITE, DELETE)
        .grant("config-acks/**", PUBLISHER, CREATE)
        .grant(NAMESPACE + "/drafts", EDITOR, CREATE, DELETE)
        .grant(NAMESPACE + "/drafts/*", EDITOR, WRITE)
        .grant(NAMESPACE + "/requests", EDITOR, CREATE, DELETE)
        .grant(NAMESPACE + "/requests/*", EDITOR, WRITE)
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
        .grant(NAMESPACE + "/requests", PUBLISHER, CREATE, DELETE)
        .grant(NAMESPACE + "/requests/*", PUBLISHER, WRITE)
        .grant("config/*/blobs", PUBLISHER, CREATE)
        .grant("config/*/blobs/*", PUBLISHER, CREATE, WRITE)
        .grant("config/*/keys", PUBLISHER, CREATE)
        .grant("config/*/keys/*", PUBLISHER, WRITE)
        .grant(NAMESPACE + "/head", OPERATOR, WRITE)
        .grant(NAMESPACE + "/audit", OPERATOR, CREATE)
        .grant(NAMESPACE + "/releases", OPERATOR, DELETE)
        .grant(NAMESPACE + "/drafts", OPERATOR, DELETE)
        .grant(NAMESPACE + "/requests", OPERATOR, DELETE)
        .grant("config/*/blobs", OPERATOR, DELETE)
        .grant("config/*/blobs/*", OPERATOR, DELETE);
  }

  private static AccessTable jobs(AccessTable table) {
    AccessTable all = table
        .grant("jobs", APPLICATION, CREATE)
        .grant("jobs/~p*", APPLICATION, WRITE, CREATE)
        .grant("jobs/~p*/*/**", APPLICATION, WRITE, CREATE, DELETE)
        .grant("jobs", OPERATOR, CREATE)
        .grant("jobs/~p*", OPERATOR, WRITE, CREATE)
        .grant("jobs/~p*/*/**", OPERATOR, WRITE, CREATE)
        .grant("jobs/~p*/*/manual", OPERATOR, DELETE)
        .grant("job-nodes", APPLICATION, CREATE, DELETE)
        .grant("job-nodes/*", APPLICATION, WRITE);
    for (Role role : List.of(APPLICATION, VIEWER, EDITOR, PUBLISHER, OPERATOR)) {
      all = all.grant("jobs/~clock", role, WRITE); // empty: reading the cluster's time writes it
    }
    return all;
  }

  private static AccessTable ids(AccessTable table) {
    AccessTable all = table;
    for (Role role : List.of(APPLICATION, OPERATOR)) {
      all = all.grant("ids", role, CREATE).grant("ids/*/**", role, WRITE, CREATE, DELETE);
    }
    return all;
  }

  private static AccessTable groups(AccessTable table) {
    return table
        .grant("groups", APPLICATION, CREATE)
        .grant("groups/*/**", APPLICATION, WRITE, CREATE, DELETE);
  }
}
