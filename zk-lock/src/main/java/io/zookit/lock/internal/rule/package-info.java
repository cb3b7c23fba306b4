/** Pure rules that decide by a listing what a request has to wait for. */
@NullMarked
package io.zookit.lock.internal.rule;

import org.jspecify.annotations.NullMarked;
