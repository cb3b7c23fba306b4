package io.zookit.spring.lock;

import io.zookit.spring.ZookitStartException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** The locked methods of all classes, each read and checked once. */
final class LockedMethods {

  private static final String FRAMEWORK = "org.springframework.";
  private static final String ASYNC = "org.springframework.scheduling.annotation.Async";
  private static final List<String> TRANSACTIONAL = List.of(
      "org.springframework.transaction.annotation.Transactional",
      "jakarta.transaction.Transactional");

  private final Map<Class<?>, Map<Method, LockedMethod>> classes = new ConcurrentHashMap<>();

  /** The locked method that a call is of. */
  Optional<LockedMethod> find(MethodInvocation invocation) {
    Object target = invocation.getThis();
    Method called = invocation.getMethod();
    if (target == null) {
      return Optional.empty();
    }
    Class<?> type = ClassUtils.getUserClass(target);
    return Optional.ofNullable(of(type).get(AopUtils.getMostSpecificMethod(called, type)));
  }

  /** Tells if a class has locked methods. */
  boolean has(Class<?> type) {
    return !of(type).isEmpty();
  }

  /** Tells if a class has methods with a fence. */
  boolean hasFence(Class<?> type) {
    return of(type).values().stream().anyMatch(each -> each.fence().isPresent());
  }

  /** The data sources of the fences that were read so far, by the names of their beans; empty for the only one. */
  Set<String> dataSources() {
    return classes.values().stream()
        .flatMap(each -> each.values().stream())
        .flatMap(each -> each.fence().stream())
        .collect(Collectors.toSet());
  }

  private Map<Method, LockedMethod> of(Class<?> type) {
    Class<?> user = ClassUtils.getUserClass(type);
    if (user.getName().startsWith(FRAMEWORK)
        || !AnnotationUtils.isCandidateClass(user, List.of(Locked.class, FencedLock.class))) {
      return Map.of();
    }
    Map<Method, LockedMethod> known = classes.get(user);
    if (known == null) {
      known = read(user);
      classes.put(user, known);
    }
    return known;
  }

  private static Map<Method, LockedMethod> read(Class<?> type) {
    Map<Method, LockedMethod> found =
        MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<LockedMethod>)
            method -> LockedMethod.of(method).orElse(null));
    found.keySet().forEach(method -> requireProxied(type, method));
    return Map.copyOf(found);
  }

  private static void requireProxied(Class<?> type, Method method) {
    int modifiers = method.getModifiers();
    if (Modifier.isPrivate(modifiers)
        || Modifier.isStatic(modifiers)
        || Modifier.isFinal(modifiers)
        || Modifier.isFinal(type.getModifiers())) {
      throw LockedMethod.refuse(
          method,
          "has a lock that would not be taken: it is private, static or final, or its class is final",
          "Make it and its class overridable, or use LockTemplate");
    }
    if (isAnnotated(method, type, ASYNC)) {
      throw LockedMethod.refuse(
          method,
          "has a lock and @Async: the lock could be released before the method runs",
          "Call a locked method of another bean from the asynchronous one");
    }
    if (isReactive(method.getReturnType())) {
      throw LockedMethod.refuse(
          method,
          "has a lock and returns a reactive type, which would run after the release",
          "Return a CompletionStage, or use DistributedLock.acquireAsync");
    }
    boolean fenced = AnnotatedElementUtils.hasAnnotation(method, FencedLock.class);
    if (fenced && TRANSACTIONAL.stream().noneMatch(name -> isAnnotated(method, type, name))) {
      throw LockedMethod.refuse(
          method,
          "has @FencedLock and no transaction in which the token is checked",
          "Add @Transactional, or use @Locked");
    }
  }

  private static boolean isReactive(Class<?> result) {
    return ClassUtils.getAllInterfacesForClassAsSet(result).stream()
        .anyMatch(each -> each.getName().equals("org.reactivestreams.Publisher"));
  }

  private static boolean isAnnotated(Method method, Class<?> type, String annotation) {
    return AnnotatedElementUtils.hasAnnotation(method, annotationNamed(annotation, type))
        || AnnotatedElementUtils.hasAnnotation(type, annotationNamed(annotation, type));
  }

  /** An annotation that is not on the class path is on no method: then one that no method has stands for it. */
  private static Class<? extends java.lang.annotation.Annotation> annotationNamed(
      String name, Class<?> type) {
    try {
      return ClassUtils.forName(name, type.getClassLoader())
          .asSubclass(java.lang.annotation.Annotation.class);
    } catch (ClassNotFoundException e) {
      return java.lang.annotation.Native.class;
    }
  }

  /** Refuses a bean whose locked methods are called without their locks. */
  void requireAdvised(String bean, Object object) {
    Class<?> type = AopUtils.getTargetClass(object);
    if (has(type) && !AopUtils.isAopProxy(object)) {
      throw new ZookitStartException(
          "The bean " + bean + " (" + type.getName()
              + ") has locked methods and is not proxied: it is created before the part of Spring that proxies beans.",
          "Do not use it in a BeanPostProcessor or in what one depends on, or use LockTemplate.");
    }
  }
}
