/** Tests of the archive that is unpacked and run. */
@NullMarked
package io.zookit.distribution;

import org.jspecify.annotations.NullMarked;
