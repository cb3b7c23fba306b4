/** The experiment that cuts the connection at every request of every recipe. */
@NullMarked
package io.zookit.chaos.boundary;

import org.jspecify.annotations.NullMarked;
