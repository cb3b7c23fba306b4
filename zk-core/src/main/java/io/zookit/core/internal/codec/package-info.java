/** Bytes of a node: records with a format version, compression and size limits. */
@NullMarked
package io.zookit.core.internal.codec;

import org.jspecify.annotations.NullMarked;
