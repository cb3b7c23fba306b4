/** Records that are stored, and the settings of a store. */
@NullMarked
package io.zookit.config.internal.model;

import org.jspecify.annotations.NullMarked;
