/** The experiment on registered instances and the views of them. */
@NullMarked
package io.zookit.chaos.registry;

import org.jspecify.annotations.NullMarked;
