@NullMarked
package io.zookit.config.files;

import org.jspecify.annotations.NullMarked;
