/** The incarnation and the lineage of the data: notices data that were restored or lost. */
@NullMarked
package io.zookit.core.internal.lineage;

import org.jspecify.annotations.NullMarked;
