package io.zookit.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules for public signatures and fields. */
final class SignatureRules {

  private static final String KEEPER_EXCEPTION = "org.apache.zookeeper.KeeperException";
  private static final Set<String> CATCH_ALLS =
      Set.of("java.lang.Exception", "java.lang.Throwable");

  private SignatureRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "signatures",
            "No public method throws Exception or shows a KeeperException; what is internal, for tests or the user's own"
                + " action may.",
            SignatureRules::roughSignatures),
        new Rule("public-fields", "No public field but constants.", SignatureRules::bareFields));
  }

  private static Set<Finding> roughSignatures(Code code) {
    Set<Finding> findings = new TreeSet<>();
    api(code).filter(type -> !Code.moduleOf(type).equals("testkit")).forEach(type -> {
      type.getCodeUnits().stream().filter(SignatureRules::isShown).forEach(member -> {
        if (throwsAnything(type, member)) {
          findings.add(new Finding(nameOf(member), "throws Exception"));
        }
        if (typesOf(member).anyMatch(SignatureRules::isKeeperException)) {
          findings.add(new Finding(nameOf(member), "shows a KeeperException"));
        }
      });
    });
    return findings;
  }

  private static Set<Finding> bareFields(Code code) {
    return api(code)
        .flatMap(type -> type.getFields().stream())
        .filter(field -> isShown(field) && !isConstant(field))
        .map(field -> new Finding(nameOf(field), "is public and no constant"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The types a user can name. */
  private static Stream<JavaClass> api(Code code) {
    return code.classes()
        .filter(
            type -> isReachable(type) && !Code.isInternal(type) && !SurfaceRules.isProgram(type));
  }

  private static boolean isReachable(JavaClass type) {
    Optional<JavaClass> outer = type.getEnclosingClass();
    return isShown(type.getModifiers()) && (outer.isEmpty() || isReachable(outer.get()));
  }

  private static boolean isShown(JavaMember member) {
    return isShown(member.getModifiers())
        && !member.getModifiers().contains(JavaModifier.SYNTHETIC);
  }

  private static boolean isShown(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean isConstant(JavaField field) {
    return field.getModifiers().containsAll(Set.of(JavaModifier.STATIC, JavaModifier.FINAL));
  }

  private static boolean throwsAnything(JavaClass type, JavaCodeUnit member) {
    return member.getExceptionTypes().stream()
        .anyMatch(
            thrown -> CATCH_ALLS.contains(thrown.getName()) && !isUsersOwn(type, member, thrown));
  }

  /** The action of a user may throw what it likes, and a method that runs it what its type parameter says. */
  private static boolean isUsersOwn(JavaClass type, JavaCodeUnit member, JavaClass thrown) {
    return type.isAnnotatedWith(FunctionalInterface.class)
        || Stream.concat(member.getTypeParameters().stream(), type.getTypeParameters().stream())
            .map(JavaTypeVariable::toErasure)
            .anyMatch(thrown::equals);
  }

  private static Stream<JavaClass> typesOf(JavaCodeUnit member) {
    Stream<JavaType> written =
        Stream.concat(member.getParameterTypes().stream(), Stream.of(member.getReturnType()));
    return Stream.concat(
        written.flatMap(type -> type.getAllInvolvedRawTypes().stream()),
        member.getExceptionTypes().stream());
  }

  private static boolean isKeeperException(JavaClass type) {
    return type.isAssignableTo(KEEPER_EXCEPTION)
        || Code.fileOf(type).getName().equals(KEEPER_EXCEPTION);
  }

  private static String nameOf(JavaMember member) {
    return member.getFullName();
  }
}
