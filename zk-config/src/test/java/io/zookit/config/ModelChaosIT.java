package io.zookit.config;

import org.junit.jupiter.api.Tag;

/** {@link ModelIT} in full. */
@Tag("nightly")
class ModelChaosIT extends ModelIT {}
