@NullMarked
package io.zookit.chaos.fault;

import org.jspecify.annotations.NullMarked;
