package io.zookit.lock.election;

import io.zookit.core.FencingToken;

/**
 * Who stands first in an election.
 *
 * @param label what the candidate called itself; empty when its record cannot be read by this version
 * @param owner what its process is called; empty likewise
 * @param epoch the number of its leadership, greater than that of every leadership before
 */
public record Leader(String label, String owner, FencingToken epoch) {}
