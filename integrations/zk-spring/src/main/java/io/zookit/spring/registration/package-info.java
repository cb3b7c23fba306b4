/**
 * Registration of the application as an instance of a service, from ready to the end of its requests.
 *
 * <pre>
 *   ready and accepting ──► UP ◄──► DOWN (readiness refuses) ; shutdown ──► goodbye ──► grace ──► web server stops
 * </pre>
 */
@NullMarked
package io.zookit.spring.registration;

import org.jspecify.annotations.NullMarked;
