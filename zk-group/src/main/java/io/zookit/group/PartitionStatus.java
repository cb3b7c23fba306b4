package io.zookit.group;

import io.zookit.core.FencingToken;
import java.util.Optional;

/**
 * A partition in the process that owns it.
 *
 * @param index its number
 * @param token of its claim, unless that is not answered yet
 */
public record PartitionStatus(int index, PartitionState state, Optional<FencingToken> token) {}
