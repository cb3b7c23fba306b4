package io.zookit.lock.election;

import io.zookit.core.ZkClient;
import io.zookit.lock.LockWorld;

/** Elections of a world, and their candidates. */
record Candidates(LockWorld world) {

  LeaderElection election(ZkClient client) {
    return LeaderElection.named("e", client);
  }

  /** Joins, and returns once the candidate is in the queue. */
  Candidacy join(LeaderElection election, String label, HeardTerms heard) {
    int before = world.queue("e").size();
    Candidacy candidacy = election.join(label, heard);
    world.awaitQueue("e", before + 1);
    return candidacy;
  }
}
