/**
 * Zookit in Spring Boot applications: one client, what is created from it as beans, and their properties.
 *
 * <p>Everything a starter of Boot 3.5 and one of Boot 4 share; neither Boot's nor Spring's moved classes are used here.
 */
@NullMarked
package io.zookit.spring;

import org.jspecify.annotations.NullMarked;
