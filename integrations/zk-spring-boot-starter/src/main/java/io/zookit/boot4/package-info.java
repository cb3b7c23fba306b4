/** The part of the starter that uses types which have another package in another Spring Boot. */
@NullMarked
package io.zookit.boot4;

import org.jspecify.annotations.NullMarked;
