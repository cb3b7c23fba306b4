package io.zookit.scheduler.internal.records;

import com.google.common.hash.Hashing;
import io.zookit.core.internal.path.ZkPath;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Paths of the scheduler's znodes. */
public record JobPaths(ZkPath root) {

  /** The folder of all partitions. */
  public ZkPath jobs() {
    return root.own("jobs");
  }

  /** The folder of all nodes. */
  public ZkPath nodes() {
    return root.own("job-nodes");
  }

  /** A node that is written to learn the leader's clock. */
  public ZkPath clock() {
    return jobs().own("~clock");
  }

  public ZkPath partition(String job) {
    int hash =
        Hashing.murmur3_32_fixed().hashString(job, StandardCharsets.UTF_8).asInt();
    return jobs().own(String.format("~p%02x", hash & 0xff));
  }

  public static boolean isPartition(String name) {
    return name.startsWith("~p");
  }

  public ZkPath job(String job) {
    return partition(job).child(job);
  }

  public ZkPath def(String job) {
    return job(job).own("def");
  }

  public ZkPath state(String job) {
    return job(job).own("state");
  }

  /** A range of earlier ends. */
  public ZkPath ends(String job, int number) {
    return job(job).own("ends-" + number);
  }

  /** A range of earlier outcomes. */
  public ZkPath outcomes(String job, int number) {
    return job(job).own("outcomes-" + number);
  }

  /** The ranges of earlier ends of a job, oldest first. */
  public List<ZkPath> ends(String job, StateRecord state) {
    return state.endRanges().all().stream().map(number -> ends(job, number)).toList();
  }

  /** The ranges of earlier outcomes of a job, oldest first. */
  public List<ZkPath> outcomes(String job, StateRecord state) {
    return state.outcomeRanges().all().stream()
        .map(number -> outcomes(job, number))
        .toList();
  }

  public ZkPath ctl(String job) {
    return job(job).own("ctl");
  }

  public ZkPath manual(String job) {
    return job(job).own("manual");
  }

  public ZkPath run(String job) {
    return job(job).own("run");
  }

  public ZkPath exec(String job) {
    return job(job).own("exec");
  }

  /** The run node of a claim: one for the job, unless runs might overlap when it was claimed. */
  public ZkPath run(JobRecord job, StateRecord.ClaimRecord claim) {
    Boolean beside = claim.beside();
    return claim.kind() == StateRecord.Kind.RUN && (beside == null ? job.overlaps() : beside)
        ? exec(job.name()).own(claim.key())
        : run(job.name());
  }

  public ZkPath shards(String job, StateRecord.ClaimRecord claim) {
    return exec(job).own(claim.key());
  }

  public ZkPath checkpoint(String job, StateRecord.ClaimRecord claim) {
    return exec(job).own(claim.key() + "~checkpoint");
  }

  public ZkPath checkpoint(String job, StateRecord.ClaimRecord claim, int shard) {
    return exec(job).own(claim.key() + "~checkpoint-" + shard);
  }
}
