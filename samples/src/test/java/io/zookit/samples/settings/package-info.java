@NullMarked
package io.zookit.samples.settings;

import org.jspecify.annotations.NullMarked;
