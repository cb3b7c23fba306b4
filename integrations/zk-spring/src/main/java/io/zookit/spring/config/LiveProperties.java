package io.zookit.spring.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Binds a type to the properties below a prefix, as Spring Boot binds {@code @ConfigurationProperties}, again for each
 * release. Beans inject a {@link LiveConfig} of the type.
 *
 * <pre>{@code
 * @LiveProperties("checkout")
 * record Limits(@Min(1) int maxOrders, Duration pause) {}
 * }</pre>
 *
 * <p>The type is a record, or another class that Spring Boot binds by its constructor. It is found in the packages that
 * Spring Boot scans, or named by {@link EnableLiveProperties}. Constraints of Bean Validation are checked, where a
 * validator is on the class path. A primitive component that has no value and no {@code @DefaultValue} is an error.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface LiveProperties {

  /** The prefix; empty for all properties. */
  @AliasFor("prefix")
  String value() default "";

  /** The prefix; empty for all properties. */
  @AliasFor("value")
  String prefix() default "";
}
