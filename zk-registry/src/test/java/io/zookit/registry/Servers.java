package io.zookit.registry;

import io.zookit.core.Timekeeper;
import io.zookit.testkit.ZkProcesses;
import io.zookit.testkit.ZkServer;
import java.time.Duration;

/** The servers on which a trial runs. */
interface Servers {

  /** A process, connected to one of the servers. */
  Party join(int number, String root) throws InterruptedException;

  /** Ends all servers and starts them again, until they serve. */
  void restartAll() throws InterruptedException;

  /** Ends the one that leads, until all serve again; the only one, if there is one. */
  void restartLeader() throws InterruptedException;

  /** One server in this process. */
  static Servers of(ZkServer server) {
    return new Servers() {
      @Override
      public Party join(int number, String root) throws InterruptedException {
        return new Party(server, root, Duration.ZERO, Timekeeper.system());
      }

      @Override
      public void restartAll() {
        server.restart();
      }

      @Override
      public void restartLeader() {
        server.restart();
      }
    };
  }

  /** Servers in processes of their own. */
  static Servers of(ZkProcesses servers) {
    return new Servers() {
      @Override
      public Party join(int number, String root) throws InterruptedException {
        return Party.at(servers.connectString(number % servers.size()), root, Duration.ZERO);
      }

      @Override
      public void restartAll() {
        for (int i = 0; i < servers.size(); i++) {
          servers.kill(i);
        }
        servers.heal();
      }

      @Override
      public void restartLeader() throws InterruptedException {
        servers.kill(servers.awaitLeader(Duration.ofSeconds(30)).orElseThrow());
        servers.heal();
      }
    };
  }
}
