@NullMarked
package io.zookit.registry.http;

import org.jspecify.annotations.NullMarked;
