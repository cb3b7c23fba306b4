package io.zookit.config.internal.zk;

import io.zookit.config.Namespace;
import io.zookit.core.internal.path.ZkPath;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Paths of all nodes in ZooKeeper.
 *
 * <pre>
 *   config/~cluster
 *   config/&lt;env&gt;/apps/&lt;app&gt;/&lt;ns&gt;/head                the only watched node
 *                               /releases/0000000057  never changed
 *                               /drafts/&lt;name&gt;
 *                               /requests/&lt;id&gt;        changes that wait for approval
 *                               /audit/0000000123     one for each revision of the head
 *                               /policy
 *   config/&lt;env&gt;/blobs/&lt;sha256&gt;/&lt;i&gt;
 *   config/&lt;env&gt;/keys/&lt;id&gt;
 *   config-acks/&lt;env&gt;/&lt;app&gt;/&lt;ns&gt;/&lt;instance&gt;@&lt;incarnation&gt;   ephemeral
 * </pre>
 */
public record ConfigPaths(ZkPath root) {

  public ZkPath top() {
    return root.own("config");
  }

  public ZkPath cluster() {
    return top().own("~cluster");
  }

  public ZkPath env(String env) {
    return top().child(env);
  }

  public ZkPath apps(String env) {
    return env(env).own("apps");
  }

  public ZkPath app(String env, String app) {
    return apps(env).child(app);
  }

  ZkPath namespace(Namespace ns) {
    return app(ns.env(), ns.app()).child(ns.name());
  }

  public ZkPath head(Namespace ns) {
    return namespace(ns).own("head");
  }

  public ZkPath releases(Namespace ns) {
    return namespace(ns).own("releases");
  }

  public ZkPath release(Namespace ns, int number) {
    return releases(ns).own(digits(number));
  }

  public ZkPath drafts(Namespace ns) {
    return namespace(ns).own("drafts");
  }

  public ZkPath draft(Namespace ns, String name) {
    return drafts(ns).child(name);
  }

  public ZkPath requests(Namespace ns) {
    return namespace(ns).own("requests");
  }

  public ZkPath request(Namespace ns, String id) {
    return requests(ns).child(id);
  }

  public ZkPath audits(Namespace ns) {
    return namespace(ns).own("audit");
  }

  public ZkPath audit(Namespace ns, long revision) {
    return audits(ns).own(digits(revision));
  }

  public ZkPath policy(Namespace ns) {
    return namespace(ns).own("policy");
  }

  public ZkPath blobs(String env) {
    return env(env).own("blobs");
  }

  public ZkPath blob(String env, String sha256) {
    return blobs(env).own(sha256);
  }

  public ZkPath chunk(String env, String sha256, int index) {
    return blob(env, sha256).own(Integer.toString(index));
  }

  ZkPath keys(String env) {
    return env(env).own("keys");
  }

  ZkPath key(String env, String id) {
    return keys(env).child(id);
  }

  public ZkPath acks(Namespace ns) {
    return root.own("config-acks").child(ns.env()).child(ns.app()).child(ns.name());
  }

  public ZkPath ack(Namespace ns, String instance, long incarnation) {
    return acks(ns).own(instance + "@" + Long.toHexString(incarnation));
  }

  private static String digits(long number) {
    return String.format(Locale.ROOT, "%010d", number);
  }

  /** The number a node is called by; empty when it is not called by one. */
  public static OptionalInt number(String name) {
    return name.matches("\\d{10}") && name.compareTo("2147483647") <= 0
        ? OptionalInt.of(Integer.parseInt(name))
        : OptionalInt.empty();
  }
}
