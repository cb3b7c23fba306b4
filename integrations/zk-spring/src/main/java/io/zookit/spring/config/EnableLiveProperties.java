package io.zookit.spring.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/** Names types with {@link LiveProperties} that are outside the packages that Spring Boot scans. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(LiveTypeRegistrar.class)
public @interface EnableLiveProperties {

  /** The types. */
  Class<?>[] value();
}
