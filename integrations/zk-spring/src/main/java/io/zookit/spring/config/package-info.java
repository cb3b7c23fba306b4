/**
 * Configuration of the cluster in the environment of an application: {@code spring.config.import=zookit:ENV/APP/NS}, and
 * objects that follow it.
 *
 * <p>Everything reads one immutable {@link io.zookit.spring.config.LiveGeneration}. A release is bound to new objects
 * first; only if all of them are valid does one write replace the generation, so no reader sees parts of two releases.
 */
@NullMarked
package io.zookit.spring.config;

import org.jspecify.annotations.NullMarked;
