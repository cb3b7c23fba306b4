/** Maintenance: retention, unused contents, keys, access lists and backups. */
@NullMarked
package io.zookit.config.internal.upkeep;

import org.jspecify.annotations.NullMarked;
