/** The experiment on releases: never torn, never back, none lost. */
@NullMarked
package io.zookit.chaos.config;

import org.jspecify.annotations.NullMarked;
