@NullMarked
package io.zookit.registry.balance;

import org.jspecify.annotations.NullMarked;
