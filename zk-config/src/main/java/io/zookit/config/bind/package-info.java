/**
 * Records made of configuration, whole or not at all.
 *
 * <p>A component is required unless it is an {@link java.util.Optional} or has an {@link DefaultValue}. Its key is its name in
 * kebab case ({@code maxOrders} is {@code max-orders}; {@code maxOrders} as written is found too), unless a {@link Key}
 * says otherwise. Types: text, numbers, truth values, enums, {@link java.time.Duration} ({@code 250ms}, {@code PT5S}),
 * {@link java.time.Instant}, {@link java.net.URI}, {@link DataSize} ({@code 64KiB}), records, and lists, sets and maps of these.
 */
@NullMarked
package io.zookit.config.bind;

import org.jspecify.annotations.NullMarked;
