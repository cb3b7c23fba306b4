/** Tests. */
@NullMarked
package io.zookit.group.internal.member;

import org.jspecify.annotations.NullMarked;
