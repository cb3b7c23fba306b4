@NullMarked
package io.zookit.chaos.experiment;

import org.jspecify.annotations.NullMarked;
