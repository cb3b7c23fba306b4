package io.zookit.scheduler;

import com.google.common.hash.Hashing;
import io.zookit.core.internal.path.ZkPath;
import java.nio.charset.StandardCharsets;

/** Paths of the scheduler's znodes. */
record JobPaths(ZkPath root) {

  /** The folder of all partitions. */
  ZkPath jobs() {
    return root.own("jobs");
  }

  /** The folder of all nodes. */
  ZkPath nodes() {
    return root.own("job-nodes");
  }

  /** A node that is written to learn the leader's clock. */
  ZkPath clock() {
    return jobs().own("~clock");
  }

  ZkPath partition(String job) {
    int hash =
        Hashing.murmur3_32_fixed().hashString(job, StandardCharsets.UTF_8).asInt();
    return jobs().own(String.format("~p%02x", hash & 0xff));
  }

  static boolean isPartition(String name) {
    return name.startsWith("~p");
  }

  ZkPath job(String job) {
    return partition(job).child(job);
  }

  ZkPath def(String job) {
    return job(job).own("def");
  }

  ZkPath state(String job) {
    return job(job).own("state");
  }

  ZkPath ctl(String job) {
    return job(job).own("ctl");
  }

  ZkPath manual(String job) {
    return job(job).own("manual");
  }

  ZkPath run(String job) {
    return job(job).own("run");
  }

  ZkPath exec(String job) {
    return job(job).own("exec");
  }

  /** The run node of a claim: one for the job, unless runs might overlap when it was claimed. */
  ZkPath run(JobRecord job, StateRecord.ClaimRecord claim) {
    Boolean beside = claim.beside();
    return claim.kind() == StateRecord.Kind.RUN && (beside == null ? job.overlaps() : beside)
        ? exec(job.name()).own(claim.key())
        : run(job.name());
  }

  ZkPath parts(String job, StateRecord.ClaimRecord claim) {
    return exec(job).own(claim.key());
  }

  ZkPath checkpoint(String job, StateRecord.ClaimRecord claim) {
    return exec(job).own(claim.key() + "~checkpoint");
  }

  ZkPath checkpoint(String job, StateRecord.ClaimRecord claim, int part) {
    return exec(job).own(claim.key() + "~checkpoint-" + part);
  }
}
