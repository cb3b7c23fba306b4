/**
 * Health of an instance: checks it runs on itself, and what others conclude from its silence and its answers. Nothing
 * here knows ZooKeeper.
 */
@NullMarked
package io.zookit.registry.health;

import org.jspecify.annotations.NullMarked;
