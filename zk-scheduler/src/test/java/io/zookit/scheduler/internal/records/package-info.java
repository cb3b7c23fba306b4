@NullMarked
package io.zookit.scheduler.internal.records;

import org.jspecify.annotations.NullMarked;
