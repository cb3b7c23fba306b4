/** Pages of the project that name tests. */
@NullMarked
package io.zookit.testkit.internal.document;

import org.jspecify.annotations.NullMarked;
