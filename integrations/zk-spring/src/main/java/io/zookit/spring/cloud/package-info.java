/**
 * The registry and the configuration for applications with Spring Cloud: discovery clients, a load balancer, and the beans
 * that a release changes.
 *
 * <p>Nothing of it exists unless the modules of Spring Cloud are on the class path.
 */
@NullMarked
package io.zookit.spring.cloud;

import org.jspecify.annotations.NullMarked;
