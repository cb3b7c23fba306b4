package io.zookit.scheduler;

import com.google.common.hash.Hashing;
import io.zookit.core.internal.codec.Stored;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A definition as it is stored. */
record JobRecord(
    @Stored("name") String name,
    @Stored("schedule") @Nullable ScheduleRecord schedule,
    @Stored("after") @Nullable String after,
    @Stored("mode") JobMode mode,
    @Stored("shards") int shards,
    @Stored("shardParameters") List<String> shardParameters,
    @Stored("handler") String handler,
    @Stored("minVersion") int minVersion,
    @Stored("policies") Policies policies,
    @Stored("parameters") Map<String, String> parameters) {

  static JobRecord named(String name) {
    return new JobRecord(
        name, null, null, JobMode.EXCLUSIVE, 1, List.of(), name, 0, Policies.STANDARD, Map.of());
  }

  /** Returns the delay of the job's runs after their slots, in milliseconds. */
  long jitter() {
    Long below = policies.jitter();
    if (below == null) {
      return 0;
    }
    long hash = Hashing.murmur3_128().hashString(name, StandardCharsets.UTF_8).asLong();
    return Math.floorMod(hash, below);
  }

  /** Returns whether runs of the job may overlap. */
  boolean overlaps() {
    return policies.overlap() == Overlap.ALLOW;
  }

  JobRecord withSchedule(ScheduleRecord to) {
    return new JobRecord(
        name, to, after, mode, shards, shardParameters, handler, minVersion, policies, parameters);
  }

  JobRecord withAfter(String to) {
    return new JobRecord(
        name,
        schedule,
        to,
        mode,
        shards,
        shardParameters,
        handler,
        minVersion,
        policies,
        parameters);
  }

  JobRecord withMode(JobMode to, int number, List<String> each) {
    return new JobRecord(
        name, schedule, after, to, number, each, handler, minVersion, policies, parameters);
  }

  JobRecord withHandler(String to, int version) {
    return new JobRecord(
        name, schedule, after, mode, shards, shardParameters, to, version, policies, parameters);
  }

  JobRecord withPolicies(Policies to) {
    return new JobRecord(
        name, schedule, after, mode, shards, shardParameters, handler, minVersion, to, parameters);
  }

  JobRecord withParameters(Map<String, String> to) {
    return new JobRecord(
        name, schedule, after, mode, shards, shardParameters, handler, minVersion, policies, to);
  }
}
