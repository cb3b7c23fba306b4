package io.zookit.samples.quickstart;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.GrayRelease;
import io.zookit.config.Namespace;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Tries a release on one of two instances, then gives it to both. */
public final class GrayReleaseSample {

  private static final Namespace PAGE = Namespace.of("dev", "sample", "page");
  private static final Change BY = Change.by("ana").because("quick start");

  /** Settings of a web page. */
  record PageSettings(String button) {}

  /** An application instance and what it was given. */
  private record Application(LiveValue<PageSettings> live, BlockingQueue<PageSettings> applied)
      implements AutoCloseable {

    static Application start(String id, ZkClient zk) {
      ConfigStore store = ConfigStore.builder(zk).instance(Instance.named(id)).build();
      Application started =
          new Application(store.bind(PAGE, PageSettings.class), new LinkedBlockingQueue<>());
      started.live.subscribe(started.applied::add);
      return started;
    }

    void await(String button) throws Exception {
      PageSettings next = applied.poll(30, TimeUnit.SECONDS);
      while (next != null && !next.button().equals(button)) {
        next = applied.poll(30, TimeUnit.SECONDS);
      }
      if (next == null) {
        throw new IllegalStateException("button=" + button + " was not applied within 30 s");
      }
    }

    @Override
    public void close() {
      live.close();
    }
  }

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null;
        ZkClient zk = ZkClient.connect(server == null ? args[0] : server.connectString());
        Application one = Application.start("app-1", zk);
        Application two = Application.start("app-2", zk)) {
      ConfigStore store = ConfigStore.in(zk);
      store.publish(PAGE, Content.properties("button=blue"), BY);
      one.await("blue");
      two.await("blue");
      System.out.println("stable release: app-1 and app-2 show a blue button");

      GrayRelease trial =
          store.gray(PAGE, Content.properties("button=green"), Audience.instances("app-2"), BY);
      two.await("green");
      System.out.println("gray release for app-2: it shows "
          + two.live.current().button() + ", app-1 still " + one.live.current().button());
      if (!one.live.current().button().equals("blue")) {
        throw new IllegalStateException("app-1 is not in the audience, but has the gray release");
      }

      trial.promote(BY);
      one.await("green");
      System.out.println("promoted: app-1 shows " + one.live.current().button() + ", too");
    }
  }
}
