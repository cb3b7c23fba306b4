/** Child JVMs that end with their parent. */
@NullMarked
package io.zookit.testkit.internal.child;

import org.jspecify.annotations.NullMarked;
