/** Tests. */
@NullMarked
package io.zookit.id.internal.snowflake;

import org.jspecify.annotations.NullMarked;
