@NullMarked
package io.zookit.core.internal.audit;

import org.jspecify.annotations.NullMarked;
