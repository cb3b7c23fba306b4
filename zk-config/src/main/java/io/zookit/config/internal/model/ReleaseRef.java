package io.zookit.config.internal.model;

import io.zookit.core.internal.codec.Stored;

/** A release as the head names it: the number, and the hash of the text so that nothing else is taken for it. */
public record ReleaseRef(
    @Stored("release") int release, @Stored("sha256") String sha256) {}
