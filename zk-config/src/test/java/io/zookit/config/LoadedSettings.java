package io.zookit.config;

/** Loaded by a class loader of its own in {@link DecodedCacheIT}. */
public record LoadedSettings(int n) {}
