package io.zookit.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.stream.Stream;

/**
 * A code base that rules check, compiled and as text.
 *
 * @param compiled the main classes
 * @param main the main sources
 * @param tests the test sources
 */
record Code(JavaClasses compiled, List<SourceFile> main, List<SourceFile> tests) {

  private static final String BASE = "io.zookit.";

  /** The main classes without package-info. */
  Stream<JavaClass> classes() {
    return compiled.stream().filter(type -> !isPackageInfo(type));
  }

  /** The main classes that are not nested in others. */
  Stream<JavaClass> topLevel() {
    return classes().filter(JavaClass::isTopLevelClass);
  }

  /** Tells if a class stands for the annotations of a package. */
  static boolean isPackageInfo(JavaClass type) {
    return type.getSimpleName().equals("package-info");
  }

  /** The module of a class of ours, named by the package it owns: {@code core} for zk-core. */
  static String moduleOf(JavaClass type) {
    return moduleOf(type.getPackageName() + ".");
  }

  /** The module of a class of ours by its full name. */
  static String moduleOf(String typeName) {
    return typeName.substring(BASE.length()).split("\\.", 2)[0];
  }

  /** Tells if a class is one of ours. */
  static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(BASE);
  }

  /** Tells if a class is in an internal package of its module. */
  static boolean isInternal(JavaClass type) {
    return (type.getPackageName() + ".").contains(".internal.");
  }

  /** The classes of ours that a class uses. */
  static Stream<JavaClass> usesOf(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .filter(Code::isOurs);
  }

  /** The type whose file holds this one. */
  static JavaClass fileOf(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }
}
