package io.zookit.scheduler.quartz;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.matchers.EverythingMatcher;
import org.quartz.spi.ClassLoadHelper;
import org.quartz.spi.SchedulerPlugin;

/**
 * A Quartz plugin: of all nodes that run the same triggers, one runs each fire time.
 *
 * <pre>{@code
 * org.quartz.jobStore.class = org.quartz.simpl.RAMJobStore
 * org.quartz.plugin.zookit.class = io.zookit.scheduler.quartz.ExclusiveJobsPlugin
 * org.quartz.plugin.zookit.connect = zk1:2181,zk2:2181,zk3:2181
 * }</pre>
 *
 * <p>A trigger is the same on all nodes when scheduler name, group and name are. Its fire times must be the same too, so
 * its misfire instruction must leave them alone: {@code IGNORE_MISFIRE_POLICY} for all, {@code DO_NOTHING} for cron, {@code
 * NEXT_WITH_…} for simple triggers, which also need a fixed start. Triggers with others are not run and say so in the
 * log. While ZooKeeper cannot be asked, nothing runs.
 *
 * <p>A job finds its {@link io.zookit.core.FencingToken} in its context under {@value #TOKEN}.
 */
public final class ExclusiveJobsPlugin implements SchedulerPlugin {

  /** Key of a job's token in its context: {@code context.get("zookit.token")}. */
  public static final String TOKEN = "zookit.token";

  private final AtomicReference<@Nullable ZkClient> client = new AtomicReference<>();
  private String connect = "localhost:2181";
  private String root = "/zookit";
  private String schedulerName = "";

  /** For Quartz. */
  public ExclusiveJobsPlugin() {}

  /** Sets the connect string of ZooKeeper. */
  public void setConnect(String newConnect) {
    connect = newConnect;
  }

  /** The path everything lives under. */
  public void setRoot(String newRoot) {
    root = newRoot;
  }

  @Override
  public void initialize(String name, Scheduler scheduler, ClassLoadHelper loader)
      throws SchedulerException {
    schedulerName = scheduler.getSchedulerName();
    ExclusiveFires fires = new ExclusiveFires(schedulerName, client);
    scheduler.getListenerManager().addTriggerListener(fires.triggers());
    scheduler.getListenerManager().addJobListener(fires.jobs(), EverythingMatcher.allJobs());
    scheduler.getListenerManager().addSchedulerListener(fires.checks());
  }

  @Override
  public void start() {
    try {
      client.set(ZkClient.builder(connect).root(root).label("quartz").connect());
    } catch (ZkException e) {
      throw new IllegalStateException(
          "scheduler " + schedulerName + " is exclusive, but ZooKeeper cannot be reached", e);
    }
  }

  @Override
  public void shutdown() {
    ZkClient open = client.getAndSet(null);
    if (open != null) {
      open.close();
    }
  }
}
