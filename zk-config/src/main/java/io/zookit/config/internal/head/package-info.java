/** Changes of the head of a namespace: transactions, and what is changed that is no release. */
@NullMarked
package io.zookit.config.internal.head;

import org.jspecify.annotations.NullMarked;
