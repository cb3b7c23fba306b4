@NullMarked
package io.zookit.core.audit;

import org.jspecify.annotations.NullMarked;
