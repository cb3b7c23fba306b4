/**
 * Feature flags of OpenFeature out of a namespace of the configuration.
 *
 * <pre>
 *   snapshot ──► FlagSet ──key──► Flag ──context──► FlagVariant ──type──► value
 * </pre>
 */
@NullMarked
package io.zookit.openfeature;

import org.jspecify.annotations.NullMarked;
