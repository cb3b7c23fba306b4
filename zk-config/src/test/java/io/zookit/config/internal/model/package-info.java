@NullMarked
package io.zookit.config.internal.model;

import org.jspecify.annotations.NullMarked;
