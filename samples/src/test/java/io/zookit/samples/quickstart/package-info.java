@NullMarked
package io.zookit.samples.quickstart;

import org.jspecify.annotations.NullMarked;
