/** Order of callbacks and results: lanes, futures delivered on an executor, live values and the threads of a client. */
@NullMarked
package io.zookit.core.internal.lane;

import org.jspecify.annotations.NullMarked;
