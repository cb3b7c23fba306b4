package io.zookit.config;

import io.zookit.core.internal.codec.RecordCodec;

/**
 * A policy as it is stored.
 *
 * @param version of its node; -1 if there is none, for the standard policy
 */
record StoredPolicy(Policy policy, int version) {

  static final RecordCodec<Policy> CODEC = RecordCodec.of(Policy.class, 1).withLimit(256 * 1024);
}
