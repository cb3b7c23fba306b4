@NullMarked
package io.zookit.config;

import org.jspecify.annotations.NullMarked;
