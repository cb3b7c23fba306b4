package io.zookit.lock.election;

import io.zookit.core.FencingToken;

/**
 * The first candidate of an election.
 *
 * @param label of the candidate; empty if this version cannot read its record
 * @param owner the label of its process; empty likewise
 * @param epoch the number of its leadership, greater than that of every leadership before
 */
public record Leader(String label, String owner, FencingToken epoch) {}
