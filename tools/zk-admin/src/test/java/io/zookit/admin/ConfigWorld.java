package io.zookit.admin;

import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A desk, and clients that follow a configuration under the same root. */
final class ConfigWorld implements AutoCloseable {

  static final Namespace LIMITS = Namespace.parse("prod/checkout/limits");

  /** A record that some of the clients bind. */
  record Limits(int maxOrders) {}

  private final String connect;
  private final String root;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  final Desk desk;

  ConfigWorld(String connect, String root, Path home) {
    this.connect = connect;
    this.root = root;
    this.desk = new Desk(home).with("ZOOKIT_CONNECT", connect).with("USER", "ana");
  }

  String root() {
    return root;
  }

  Outcome zookit(String command) {
    return desk.type("config " + command + " --root " + root);
  }

  /** Returns the output of a command that must succeed. */
  String ok(String command) {
    Outcome outcome = zookit(command);
    if (outcome.code() != 0) {
      throw new AssertionError(command + ": " + outcome);
    }
    return outcome.out();
  }

  ConfigStore store(Instance instance) {
    ZkClient client = ZkClient.builder(connect)
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label("shop on test")
        .connect();
    open.push(client);
    return ConfigStore.builder(client).instance(instance).build();
  }

  /** An instance that takes what it is given. */
  void follower(Instance instance) throws InterruptedException {
    open.push(store(instance).follow(LIMITS).awaitReady(Desk.LONG));
  }

  /** An instance that takes numbers only. */
  void binder(Instance instance) throws InterruptedException {
    LiveValue<Limits> live = store(instance).bind(LIMITS, Limits.class);
    open.push(live);
    live.awaitReady(Desk.LONG);
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
