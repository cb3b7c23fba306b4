/** Tests, run in both starters. */
@NullMarked
package io.zookit.spring.registration;

import org.jspecify.annotations.NullMarked;
