package io.zookit.config.internal.model;

import io.zookit.config.Policy;
import io.zookit.core.internal.codec.RecordCodec;

/**
 * A policy as it is stored.
 *
 * @param version of its node; -1 if there is none, for the standard policy
 */
public record StoredPolicy(Policy policy, int version) {

  public static final RecordCodec<Policy> CODEC =
      RecordCodec.of(Policy.class, 1).withLimit(256 * 1024);
}
