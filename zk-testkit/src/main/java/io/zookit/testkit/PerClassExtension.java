package io.zookit.testkit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Something to connect to that a class of tests shares: opened when first asked for, released after the class. */
abstract class PerClassExtension<S extends AutoCloseable>
    implements BeforeAllCallback,
        AfterAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        ParameterResolver {

  private static final AtomicInteger ROOTS = new AtomicInteger();
  private static final int LONGEST_NAME = 60;

  private final Class<S> type;
  private @Nullable S shared;
  private int openClasses;
  private String testName = "";

  PerClassExtension(Class<S> type) {
    this.type = type;
  }

  abstract S open();

  /** Undoes what a test may have broken. */
  abstract void heal(S shared);

  /** Ends the use of what {@link #open} returned. */
  void release(S shared) throws Exception {
    shared.close();
  }

  /** Before each test. */
  void begin() {}

  /** After each test, when there is something shared and it is whole again. */
  void check(S shared) throws Exception {}

  /** A path of one element that no other test has been given; it is not created. */
  public final synchronized String freshRoot() {
    return "/t-" + ROOTS.incrementAndGet() + testName;
  }

  final synchronized S shared() {
    if (shared == null) {
      shared = open();
    }
    return shared;
  }

  final synchronized Optional<S> sharedIfOpen() {
    return Optional.ofNullable(shared);
  }

  @Override
  public final synchronized void beforeAll(ExtensionContext context) {
    openClasses++;
  }

  @Override
  public final synchronized void afterAll(ExtensionContext context) throws Exception {
    openClasses--;
    closeIfUnused();
  }

  @Override
  public final synchronized void beforeEach(ExtensionContext context) {
    testName =
        context.getTestMethod().map(method -> "-" + nodeName(method.getName())).orElse("");
    begin();
  }

  @Override
  public final synchronized void afterEach(ExtensionContext context) throws Exception {
    try {
      testName = "";
      if (shared != null) {
        heal(shared);
        check(shared);
      }
    } finally {
      closeIfUnused();
    }
  }

  @Override
  public final boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> wanted = parameter.getParameter().getType();
    return wanted == type || wanted == getClass();
  }

  @Override
  public final Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == type ? shared() : this;
  }

  /** Without a class around, as on a single method, the end of the test is the end. */
  private void closeIfUnused() throws Exception {
    S closing = shared;
    if (openClasses == 0 && closing != null) {
      shared = null;
      release(closing);
    }
  }

  private static String nodeName(String method) {
    String name = method.replaceAll("[^A-Za-z0-9._-]", "_");
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }
}
