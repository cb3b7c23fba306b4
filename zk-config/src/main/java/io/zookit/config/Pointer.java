package io.zookit.config;

/** A release as the head names it: the number, and the hash of the text so that nothing else is taken for it. */
record Pointer(int release, String sha256) {}
