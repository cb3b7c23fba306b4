/** Changes of the head of a namespace: transactions, and changes that make no release. */
@NullMarked
package io.zookit.config.internal.head;

import org.jspecify.annotations.NullMarked;
