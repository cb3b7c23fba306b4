/** Settings that the tests of every module share, compiled into each module's tests. */
@NullMarked
package io.zookit.testdefaults;

import org.jspecify.annotations.NullMarked;
