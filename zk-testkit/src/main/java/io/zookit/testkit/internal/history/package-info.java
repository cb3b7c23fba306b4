/** Checks of recorded histories. */
@NullMarked
package io.zookit.testkit.internal.history;

import org.jspecify.annotations.NullMarked;
