@NullMarked
package io.zookit.chaos.config;

import org.jspecify.annotations.NullMarked;
