package io.zookit.chaos.boundary;

import io.zookit.chaos.experiment.Testbed;
import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import java.util.OptionalLong;

/** A visitor with a client of Zookit. */
final class ClientUser implements RecipeUser {

  /** Action of one use. */
  interface Use {
    void by(ZkClient zk) throws Exception;
  }

  /** Counter of the persistent effects of all uses. */
  interface Effects {
    OptionalLong count(ZkClient zk) throws InterruptedException;
  }

  private final ZkClient zk;
  private final Use use;
  private final Effects effects;

  private ClientUser(ZkClient zk, Use use, Effects effects) {
    this.zk = zk;
    this.use = use;
    this.effects = effects;
  }

  /** Connects. */
  static RecipeUser open(Door door, Use use) {
    return open(door, use, zk -> OptionalLong.empty());
  }

  /** The same for something of which something stays. */
  static RecipeUser open(Door door, Use use, Effects effects) {
    return new ClientUser(connect(door.name(), door.address(), door.root()), use, effects);
  }

  static ZkClient connect(String name, String address, String root) {
    return ZkClient.builder(address)
        .root(root)
        .label(name)
        .sessionTimeout(Trial.SESSION)
        .connectTimeout(Testbed.PATIENCE)
        .connect();
  }

  static boolean isConnected(ZkClient zk) {
    return zk.session().state() == SessionState.CONNECTED;
  }

  @Override
  public void use() throws Exception {
    use.by(zk);
  }

  @Override
  public boolean isConnected() {
    return isConnected(zk);
  }

  @Override
  public OptionalLong effects() throws InterruptedException {
    return effects.count(zk);
  }

  @Override
  public void close() {
    zk.close();
  }
}
