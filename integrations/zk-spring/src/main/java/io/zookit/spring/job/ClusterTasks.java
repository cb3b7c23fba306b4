package io.zookit.spring.job;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.election.Candidacy;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.election.LeaderListener;
import io.zookit.lock.election.Leadership;
import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.JobConflictException;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobRun;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.JobSchedulerBuilder;
import io.zookit.spring.ZookitStartException;
import io.zookit.spring.internal.observe.ObservedCalls;
import io.zookit.spring.job.ClusterMethods.ElectedMethods;
import io.zookit.spring.job.ClusterMethods.ScheduledMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * The scheduler and the candidacies of the application: defined when it starts, taking part once it is ready, and ended after
 * the web server, in front of the client.
 */
final class ClusterTasks implements SmartLifecycle, ApplicationListener<ApplicationReadyEvent> {

  private static final Log log = LogFactory.getLog(ClusterTasks.class);
  private static final long DRAIN_SECONDS = 15;

  private final ClusterMethods methods;
  private final ZkClient client;
  private final List<JobSchedulerCustomizer> customizers;
  private final ObservedCalls observed;
  private final List<Candidacy> candidacies = new ArrayList<>();
  private boolean running;
  private @Nullable JobScheduler scheduler;

  ClusterTasks(
      ClusterMethods methods,
      ZkClient client,
      List<JobSchedulerCustomizer> customizers,
      ObservedCalls observed) {
    this.methods = methods;
    this.client = client;
    this.customizers = customizers;
    this.observed = observed;
  }

  /**
   * Stores the definitions of the jobs.
   *
   * @throws ZookitStartException if one is refused
   */
  @Override
  public synchronized void start() {
    JobLedger ledger = JobLedger.in(client);
    for (ScheduledMethod each : methods.jobs().values()) {
      define(ledger, each);
    }
    running = true;
  }

  private static void define(JobLedger ledger, ScheduledMethod each) {
    try {
      ledger.define(each.job(), each.annotation().definition());
    } catch (JobConflictException e) {
      throw BeanMethod.refuse(
          each.target().method(),
          "defines the job " + each.job().name() + " otherwise than it is stored: "
              + e.differences(),
          "Adapt the annotation, or the stored job, or set definition = "
              + DefinitionPolicy.REPLACE);
    } catch (ZkException | IllegalArgumentException e) {
      throw new ZookitStartException(
          "The job " + each.job().name() + " cannot be defined: " + e.getMessage() + ".",
          "Correct the schedule if the text names it; else restore the connection to ZooKeeper.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZookitStartException(
          "The start was interrupted.", "Start the application again.", e);
    }
  }

  @Override
  public synchronized void onApplicationEvent(ApplicationReadyEvent event) {
    if (!running || scheduler != null || !candidacies.isEmpty()) {
      return;
    }
    if (!methods.jobs().isEmpty()) {
      JobSchedulerBuilder builder = JobScheduler.builder(client);
      customizers.forEach(each -> each.customize(builder));
      JobScheduler started = builder.start();
      scheduler = started;
      methods.jobs().forEach((name, each) -> started.handle(name, run -> run(each.target(), run)));
    }
    methods
        .elections()
        .forEach((election, each) -> candidacies.add(
            LeaderElection.named(election, client).join(label(), new ElectedListener(each))));
  }

  /** Runs the method of a job, as part of the trace that has triggered it, if there is one. */
  private void run(BeanMethod method, JobRun run) throws Exception {
    try {
      observed.observe(
          "zookit.job.run",
          () -> JobTriggers.received(run),
          new ObservedCalls.ObservedSubject("job", run.job()),
          () -> Optional.ofNullable(method.call(run)),
          result -> "success");
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(method.method().getName() + " failed", e);
    }
  }

  /** Unique among the candidates; the labels of clients may be equal, and have characters that names do not. */
  private static String label() {
    return "spring-" + ProcessHandle.current().pid() + "-"
        + Long.toHexString(java.util.UUID.randomUUID().getMostSignificantBits());
  }

  @Override
  public synchronized void stop() {
    running = false;
    candidacies.forEach(Candidacy::close);
    if (scheduler != null) {
      scheduler.close();
      scheduler = null;
    }
    List<CompletableFuture<Void>> ends =
        candidacies.stream().map(Candidacy::closed).toList();
    candidacies.clear();
    try {
      CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
          .get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      log.warn(
          "a leadership has not ended after " + DRAIN_SECONDS + " s; it ends with the session", e);
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return running;
  }

  /** Below the phases of web servers, which are 1,024 and 2,048 below the default: started before them, stopped after. */
  @Override
  public int getPhase() {
    return SmartLifecycle.DEFAULT_PHASE - 4_096;
  }

  /** Calls the methods of a bean for the terms of this application. */
  private static final class ElectedListener implements LeaderListener {

    private final ElectedMethods methods;

    ElectedListener(ElectedMethods methods) {
      this.methods = methods;
    }

    @Override
    public void onElected(Leadership leadership) {
      call(methods.elected(), leadership);
    }

    @Override
    public CompletionStage<?> onRevoked(Leadership leadership, String reason) {
      methods.deposed().ifPresent(each -> call(each, leadership));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onLost(Leadership leadership, String reason) {
      methods.deposed().ifPresent(each -> call(each, leadership));
    }

    private static void call(BeanMethod method, Leadership leadership) {
      try {
        method.call(leadership);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(
            method.method().getName() + " failed for " + leadership.election(), e);
      }
    }
  }
}
