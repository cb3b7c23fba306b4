/** Pure rules: which slots are due, what becomes of them, which node comes first, what time it is. */
@NullMarked
package io.zookit.scheduler.internal.rules;

import org.jspecify.annotations.NullMarked;
