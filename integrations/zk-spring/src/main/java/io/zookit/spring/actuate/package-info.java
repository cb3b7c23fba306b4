/** Endpoints of Spring Boot's actuator, all answered from memory. */
@NullMarked
package io.zookit.spring.actuate;

import org.jspecify.annotations.NullMarked;
