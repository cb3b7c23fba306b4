@NullMarked
package io.zookit.samples.http;

import org.jspecify.annotations.NullMarked;
