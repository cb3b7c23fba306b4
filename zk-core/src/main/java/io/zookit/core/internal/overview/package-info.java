/** Values that show everything below a folder, followed once for each client. */
@NullMarked
package io.zookit.core.internal.overview;

import org.jspecify.annotations.NullMarked;
