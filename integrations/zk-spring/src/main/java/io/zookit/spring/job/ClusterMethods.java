package io.zookit.spring.job;

import io.zookit.lock.election.Leadership;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.JobRun;
import io.zookit.scheduler.OnDeath;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;

/** The methods of all beans that are run on a schedule of the cluster or while the application leads. */
final class ClusterMethods implements BeanPostProcessor {

  private static final String SCHEDULED = "org.springframework.scheduling.annotation.Scheduled";
  private static final String FRAMEWORK = "org.springframework.";

  private final Environment environment;
  private final Map<String, ScheduledMethod> jobs = new LinkedHashMap<>();
  private final Map<String, ElectedMethods> elections = new LinkedHashMap<>();

  ClusterMethods(Environment environment) {
    this.environment = environment;
  }

  /**
   * A method that is run on a schedule.
   *
   * @param job the definition
   * @param annotation what the method says
   * @param target the method
   */
  record ScheduledMethod(Job job, ClusterScheduled annotation, BeanMethod target) {}

  /**
   * The methods of an election.
   *
   * @param elected called when a term begins
   * @param deposed called when a term ends, if there is one
   */
  record ElectedMethods(BeanMethod elected, Optional<BeanMethod> deposed) {}

  /** The scheduled methods by the names of their jobs. */
  Map<String, ScheduledMethod> jobs() {
    return jobs;
  }

  /** The methods by the names of their elections. */
  Map<String, ElectedMethods> elections() {
    return elections;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    Class<?> type = AopUtils.getTargetClass(bean);
    if (!type.getName().startsWith(FRAMEWORK)) {
      select(type, ClusterScheduled.class)
          .forEach((method, annotation) -> add(bean, method, annotation));
      addElections(bean, type);
    }
    return bean;
  }

  private static <A extends Annotation> Map<Method, A> select(Class<?> type, Class<A> annotation) {
    return AnnotationUtils.isCandidateClass(type, annotation)
        ? MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<A>)
            method -> AnnotatedElementUtils.findMergedAnnotation(method, annotation))
        : Map.of();
  }

  private void add(Object bean, Method method, ClusterScheduled annotation) {
    boolean local = java.util.Arrays.stream(method.getAnnotations())
        .anyMatch(each -> each.annotationType().getName().equals(SCHEDULED));
    if (local) {
      throw BeanMethod.refuse(
          method,
          "has @ClusterScheduled and @Scheduled, so each application would run it, too",
          "Remove @Scheduled");
    }
    Job job = job(method, annotation);
    BeanMethod target = BeanMethod.of(bean, method, JobRun.class);
    if (jobs.putIfAbsent(job.name(), new ScheduledMethod(job, annotation, target)) != null) {
      throw BeanMethod.refuse(
          method, "has the name of another job: " + job.name(), "Give it a name of its own");
    }
  }

  private Job job(Method method, ClusterScheduled annotation) {
    try {
      Job job = Job.named(text(annotation.name()));
      String cron = text(annotation.cron());
      if (!cron.isBlank()) {
        job = job.cron(cron, ZoneId.of(text(annotation.zone())));
      }
      return inMode(job, annotation).onDeath(onDeath(annotation));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw BeanMethod.refuse(
          method,
          "has a @ClusterScheduled that is not valid: " + e.getMessage(),
          "Correct it; a cron expression has six fields, as in \"0 0 3 * * ?\", or the five of Unix");
    }
  }

  private String text(String given) {
    return environment.resolveRequiredPlaceholders(given);
  }

  private static Job inMode(Job job, ClusterScheduled annotation) {
    if (annotation.mode() == JobMode.SHARDED) {
      return job.sharded(annotation.shards());
    }
    return annotation.mode() == JobMode.BROADCAST ? job.broadcast() : job.exclusive();
  }

  private static OnDeath onDeath(ClusterScheduled annotation) {
    return switch (annotation.onDeath()) {
      case FAIL -> OnDeath.fail();
      case RERUN -> OnDeath.rerun(annotation.attempts());
      case MANUAL -> OnDeath.manual();
    };
  }

  private void addElections(Object bean, Class<?> type) {
    Map<String, BeanMethod> deposed = new LinkedHashMap<>();
    select(type, OnDeposed.class)
        .forEach((method, annotation) ->
            deposed.put(text(annotation.value()), BeanMethod.of(bean, method, Leadership.class)));
    select(type, OnLeader.class).forEach((method, annotation) -> {
      String election = text(annotation.value());
      ElectedMethods methods = new ElectedMethods(
          BeanMethod.of(bean, method, Leadership.class),
          Optional.ofNullable(deposed.remove(election)));
      if (elections.putIfAbsent(election, methods) != null) {
        throw BeanMethod.refuse(
            method, "is the second of the election " + election, "Keep one @OnLeader for each");
      }
    });
    deposed.forEach((election, method) -> {
      throw BeanMethod.refuse(
          method.method(),
          "has @OnDeposed(\"" + election + "\") and its bean no @OnLeader of that election",
          "Add one, or correct the name");
    });
  }
}
