package io.zookit.admin.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * The order in which help shows the verbs of a noun: reading before writing, the usual before the rare. picocli itself sorts
 * methods by name. What is not named comes first.
 */
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(ElementType.TYPE)
public @interface VerbOrder {

  /** The names of the verbs. */
  String[] value();
}
