package io.zookit.spring.job;

import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.OnDeath;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method on a schedule that the cluster shares: each slot once, on one of the applications that have the method.
 *
 * <pre>{@code
 * @ClusterScheduled(name = "invoices", cron = "0 0 3 * * ?", zone = "Europe/Berlin")
 * void sendInvoices(JobRun run) { ... }
 * }</pre>
 *
 * <p>The method takes nothing, or a {@link io.zookit.scheduler.JobRun}. The job is defined when the application starts, and
 * run from the moment at which it is ready. Texts may have placeholders, {@code ${...}}.
 *
 * <p><i>Failure:</i> the application does not start if the schedule is not valid, the method has {@code @Scheduled}, too, two
 * methods have one name, or the stored definition differs and {@link #definition} is {@code VALIDATE}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ClusterScheduled {

  /** The name of the job. */
  String name();

  /** The schedule, as in {@link io.zookit.scheduler.time.Schedule#cron}; empty for a job that is only triggered. */
  String cron() default "";

  /** The time zone of the schedule; UTC unless set. */
  String zone() default "UTC";

  /** The applications that run a slot. */
  JobMode mode() default JobMode.EXCLUSIVE;

  /** The number of shards of a {@link JobMode#SHARDED} job. */
  int shards() default 1;

  /** The policy for a run whose application died. */
  OnDeath.Policy onDeath() default OnDeath.Policy.FAIL;

  /** The most claims of a slot with {@link OnDeath.Policy#RERUN}. */
  int attempts() default 3;

  /** The policy for a stored definition that differs. */
  DefinitionPolicy definition() default DefinitionPolicy.REPLACE;
}
