package io.zookit.spring.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.time.Durations;
import io.zookit.lock.Lease;
import io.zookit.spring.ZookitStartException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.common.CompositeStringExpression;
import org.springframework.expression.common.TemplateParserContext;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;

/**
 * A method that runs under a lock: what its annotation says, parsed once.
 *
 * @param method the method
 * @param name the expression of the lock's name
 * @param parameters the names of the parameters, {@code p0} and so on where they are unknown
 * @param timeout how long to wait
 * @param onBusy what happens then
 * @param release when the lock is released
 * @param fence the name of the bean of the fence's data source, empty for the only one; absent without a fence
 */
record LockedMethod(
    Method method,
    Expression name,
    List<String> parameters,
    Duration timeout,
    OnBusy onBusy,
    LockRelease release,
    Optional<String> fence) {

  private static final Duration STANDARD = Duration.ofSeconds(30);
  private static final SpelExpressionParser PARSER = new SpelExpressionParser();
  private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

  /**
   * Reads the annotation of a method.
   *
   * @return empty if it has none
   * @throws ZookitStartException if what it says cannot work
   */
  static Optional<LockedMethod> of(Method method) {
    Locked locked = AnnotatedElementUtils.findMergedAnnotation(method, Locked.class);
    FencedLock fenced = AnnotatedElementUtils.findMergedAnnotation(method, FencedLock.class);
    if (locked != null && fenced != null) {
      throw refuse(method, "has @Locked and @FencedLock", "Keep one; @FencedLock locks, too");
    }
    if (locked != null) {
      return Optional.of(of(
          method,
          locked.value(),
          locked.timeout(),
          locked.onBusy(),
          locked.release(),
          Optional.empty()));
    }
    return Optional.ofNullable(fenced)
        .map(each -> of(
            method,
            each.value(),
            each.timeout(),
            each.onBusy(),
            each.release(),
            Optional.of(each.dataSource())));
  }

  private static LockedMethod of(
      Method method,
      String name,
      String timeout,
      OnBusy onBusy,
      LockRelease release,
      Optional<String> fence) {
    List<String> parameters = parameters(method);
    LockedMethod parsed = new LockedMethod(
        method,
        expression(method, name, parameters),
        parameters,
        timeout(method, timeout, onBusy),
        onBusy,
        release,
        fence);
    parsed.requireSkippable();
    return parsed;
  }

  static ZookitStartException refuse(Method method, String problem, String action) {
    return new ZookitStartException(
        "The method " + shown(method) + " " + problem + ".", action + ".");
  }

  private static String shown(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  /** The method as texts and observations show it. */
  String shown() {
    return shown(method);
  }

  private static List<String> parameters(Method method) {
    String[] found = NAMES.getParameterNames(method);
    if (found != null) {
      return List.of(found);
    }
    List<String> positions = new ArrayList<>();
    for (int i = 0; i < method.getParameterCount(); i++) {
      positions.add("p" + i);
    }
    return positions;
  }

  private static Duration timeout(Method method, String text, OnBusy onBusy) {
    if (text.isEmpty()) {
      return onBusy == OnBusy.SKIP ? Duration.ZERO : STANDARD;
    }
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw refuse(method, "has timeout=\"" + text + "\"", "Write a duration such as 5s or PT5S");
    }
  }

  private static Expression expression(Method method, String name, List<String> parameters) {
    Expression parsed;
    try {
      parsed = PARSER.parseExpression(name, new TemplateParserContext());
    } catch (ParseException e) {
      throw refuse(
          method,
          "has a lock name that is not a valid template: " + e.getMessage(),
          "Write expressions as in \"stock/#{#sku}\"");
    }
    Set<String> variables = new HashSet<>();
    collect(parsed, variables);
    parameters.forEach(variables::remove);
    for (int i = 0; i < parameters.size(); i++) {
      variables.remove("p" + i);
    }
    variables.removeAll(List.of("root", "this"));
    if (!variables.isEmpty()) {
      throw refuse(
          method,
          "names its lock by #" + String.join(", #", variables) + ", and has the parameters "
              + parameters,
          "Name one of them, or use #p0 for the first; compile with -parameters to keep their names");
    }
    return parsed;
  }

  private static void collect(Expression expression, Set<String> variables) {
    if (expression instanceof CompositeStringExpression composite) {
      Arrays.stream(composite.getExpressions()).forEach(each -> collect(each, variables));
    } else if (expression instanceof SpelExpression spel) {
      collect(spel.getAST(), variables);
    }
  }

  private static void collect(SpelNode node, Set<String> variables) {
    if (node instanceof VariableReference) {
      variables.add(node.toStringAST().substring(1));
    }
    for (int i = 0; i < node.getChildCount(); i++) {
      collect(node.getChild(i), variables);
    }
  }

  private void requireSkippable() {
    Class<?> result = method.getReturnType();
    if (onBusy == OnBusy.SKIP && result.isPrimitive() && result != void.class) {
      throw refuse(
          method,
          "has onBusy=SKIP and returns " + result,
          "Return nothing, an object or an Optional, which is empty for a call that was skipped");
    }
  }

  /**
   * The name of the lock for a call.
   *
   * @throws IllegalArgumentException if a part of it is null
   */
  String lockName(@Nullable Object target, @Nullable Object[] arguments) {
    StandardEvaluationContext context = new StandardEvaluationContext(target);
    for (int i = 0; i < arguments.length; i++) {
      context.setVariable(parameters.get(i), arguments[i]);
      context.setVariable("p" + i, arguments[i]);
    }
    StringBuilder text = new StringBuilder();
    append(name, context, text);
    return text.toString();
  }

  private void append(Expression part, StandardEvaluationContext context, StringBuilder text) {
    if (part instanceof CompositeStringExpression composite) {
      for (Expression each : composite.getExpressions()) {
        append(each, context, text);
      }
      return;
    }
    String value = part.getValue(context, String.class);
    if (value == null) {
      throw new IllegalArgumentException("lock name of " + method.getName() + ": "
          + part.getExpressionString() + " is null (expected: a part of a name)");
    }
    text.append(value);
  }

  /** A copy of the arguments in which those that the lock provides are filled in. */
  @Nullable
  Object[] withLease(@Nullable Object[] arguments, Lease lease) {
    @Nullable Object[] filled = arguments.clone();
    Class<?>[] types = method.getParameterTypes();
    for (int i = 0; i < types.length; i++) {
      if (types[i] == FencingToken.class) {
        filled[i] = lease.token();
      } else if (types[i] == Lease.class) {
        filled[i] = lease;
      }
    }
    return filled;
  }

  /** The result of a call that was skipped. */
  @Nullable
  Object skipped() {
    Class<?> result = method.getReturnType();
    if (result == Optional.class) {
      return Optional.empty();
    }
    return CompletionStage.class.isAssignableFrom(result)
        ? CompletableFuture.completedFuture(null)
        : null;
  }
}
