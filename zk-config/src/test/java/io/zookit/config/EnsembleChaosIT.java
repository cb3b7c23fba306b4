package io.zookit.config;

import org.junit.jupiter.api.Tag;

/** {@link EnsembleIT} in full. */
@Tag("nightly")
class EnsembleChaosIT extends EnsembleIT {}
