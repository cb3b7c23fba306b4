package io.zookit.scheduler.internal.records;

import com.google.common.hash.Hashing;
import io.zookit.core.internal.codec.Stored;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.Overlap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A definition as it is stored. */
public record JobRecord(
    @Stored("name") String name,
    @Stored("schedule") @Nullable ScheduleRecord schedule,
    @Stored("after") @Nullable String after,
    @Stored("mode") JobMode mode,
    @Stored("shards") int shards,
    @Stored("shardParameters") List<String> shardParameters,
    @Stored("handler") String handler,
    @Stored("minVersion") int minVersion,
    @Stored("policies") JobPolicies policies,
    @Stored("parameters") Map<String, String> parameters) {

  public static JobRecord of(Job job) {
    return new JobRecord(
        job.name(),
        job.schedule().map(ScheduleRecord::of).orElse(null),
        job.after().orElse(null),
        job.mode(),
        job.shards(),
        job.shardParameters(),
        job.handler(),
        job.minVersion(),
        JobPolicies.of(job),
        job.parameters());
  }

  /** Returns the definition as users see it. */
  public Job toJob() {
    Job job = Job.named(name).handledBy(handler).needsVersion(minVersion).parameters(parameters);
    job = after == null ? job : job.after(after);
    job = switch (mode) {
      case EXCLUSIVE -> job;
      case BROADCAST -> job.broadcast();
      case SHARDED ->
        shardParameters.isEmpty() ? job.sharded(shards) : job.sharded(shardParameters);
    };
    job = policies.addTo(job);
    return schedule == null ? job : job.on(schedule.toSchedule());
  }

  /** Returns the delay of the job's runs after their slots, in milliseconds. */
  public long jitter() {
    Long below = policies.jitter();
    if (below == null) {
      return 0;
    }
    long hash = Hashing.murmur3_128().hashString(name, StandardCharsets.UTF_8).asLong();
    return Math.floorMod(hash, below);
  }

  /** Returns whether runs of the job may overlap. */
  public boolean overlaps() {
    return policies.overlap() == Overlap.ALLOW;
  }
}
