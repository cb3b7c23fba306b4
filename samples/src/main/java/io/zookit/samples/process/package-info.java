/** What the processes of the shop have in common: how they are configured and how they tell what happens in them. */
@NullMarked
package io.zookit.samples.process;

import org.jspecify.annotations.NullMarked;
