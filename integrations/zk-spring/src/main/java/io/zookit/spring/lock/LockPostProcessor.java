package io.zookit.spring.lock;

import java.util.function.Predicate;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;

/**
 * Surrounds the methods of beans with an interceptor: outside of everything that surrounds them already, or inside of it. It
 * runs after those that create proxies for transactions, so the order does not depend on theirs.
 */
final class LockPostProcessor extends AbstractAdvisingBeanPostProcessor {

  private final transient Predicate<Class<?>> types;

  LockPostProcessor(MethodInterceptor interceptor, Predicate<Class<?>> types, boolean outside) {
    this.types = types;
    setBeforeExistingAdvisors(outside);
    setProxyTargetClass(true);
    this.advisor = new LockAdvisor(interceptor);
  }

  @Override
  protected boolean isEligible(Class<?> targetClass) {
    return types.test(targetClass);
  }

  /** All methods; the interceptor finds those with a lock in its own table. */
  private static final class LockAdvisor extends StaticMethodMatcherPointcutAdvisor {

    LockAdvisor(MethodInterceptor interceptor) {
      super(interceptor);
    }

    @Override
    public boolean matches(java.lang.reflect.Method method, Class<?> targetClass) {
      return true;
    }
  }
}
