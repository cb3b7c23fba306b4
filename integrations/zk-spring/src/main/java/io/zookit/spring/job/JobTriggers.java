package io.zookit.spring.job;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.zookit.core.ZkException;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobRun;
import io.zookit.spring.internal.observe.ObservedCalls;
import java.util.HashMap;
import java.util.Map;

/**
 * Triggers jobs as part of the current trace: what the tracer of the application adds to messages, such as {@code
 * traceparent}, is stored with the parameters of the trigger, and the run continues the trace on whichever application it
 * takes place.
 *
 * <p>Without a tracer it does what {@link JobLedger#trigger(String, String, Map)} does.
 */
public final class JobTriggers {

  private final JobLedger ledger;
  private final ObservedCalls observed;

  JobTriggers(JobLedger ledger, ObservedCalls observed) {
    this.ledger = ledger;
    this.observed = observed;
  }

  /**
   * Runs a job now, or as soon as the run that is on ends.
   *
   * @param id the name of this trigger; a repeated call with it triggers nothing
   * @return whether this call created the trigger; false if it existed or had been run
   * @throws ZkException if the job does not exist, or ZooKeeper cannot be reached
   */
  public boolean trigger(String job, String id, Map<String, String> parameters)
      throws InterruptedException {
    Map<String, String> carried = new HashMap<>(parameters);
    try {
      return observed.observe(
          "zookit.job.trigger",
          () -> sent(carried),
          new ObservedCalls.ObservedSubject("job", job),
          () -> ledger.trigger(job, id, carried),
          created -> created ? "created" : "known");
    } catch (InterruptedException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("job " + job + ": cannot be triggered", e);
    }
  }

  private static SenderContext<Map<String, String>> sent(Map<String, String> carried) {
    SenderContext<Map<String, String>> context = new SenderContext<>(
        (carrier, key, value) -> {
          if (carrier != null) {
            carrier.put(key, value);
          }
        },
        Kind.PRODUCER);
    context.setCarrier(carried);
    return context;
  }

  /** The context of a run, which receives what its trigger has sent. */
  static ReceiverContext<Map<String, String>> received(JobRun run) {
    ReceiverContext<Map<String, String>> context =
        new ReceiverContext<>((carrier, key) -> carrier.get(key), Kind.CONSUMER);
    context.setCarrier(run.parameters());
    return context;
  }
}
