package io.zookit.config;

import org.junit.jupiter.api.Tag;

/** {@link ReadersIT} in full. */
@Tag("nightly")
class ReadersChaosIT extends ReadersIT {}
