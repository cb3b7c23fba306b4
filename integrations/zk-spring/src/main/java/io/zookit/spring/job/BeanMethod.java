package io.zookit.spring.job;

import io.zookit.spring.ZookitStartException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A method of a bean that is called for the cluster.
 *
 * @param bean the bean, or its proxy
 * @param method the method, of the class of the proxy if that is one
 */
record BeanMethod(Object bean, Method method) {

  /**
   * Finds the method that can be called on a bean.
   *
   * @param declared the method of its class
   * @param parameter the type that the method may take
   * @throws ZookitStartException if it takes anything else
   */
  static BeanMethod of(Object bean, Method declared, Class<?> parameter) {
    Class<?>[] types = declared.getParameterTypes();
    String shown = parameter.getSimpleName();
    if (types.length > 1 || (types.length == 1 && types[0] != parameter)) {
      throw refuse(
          declared, "takes other parameters than a " + shown, "Let it take nothing, or a " + shown);
    }
    Method invocable;
    try {
      invocable = AopUtils.selectInvocableMethod(declared, bean.getClass());
    } catch (IllegalStateException e) {
      throw refuse(declared, "cannot be called on the proxy of its bean", "Make it public");
    }
    ReflectionUtils.makeAccessible(invocable);
    return new BeanMethod(bean, invocable);
  }

  static ZookitStartException refuse(Method method, String problem, String action) {
    String shown = method.getDeclaringClass().getSimpleName() + "." + method.getName();
    return new ZookitStartException("The method " + shown + " " + problem + ".", action + ".");
  }

  /**
   * Calls the method.
   *
   * @throws Exception what it throws
   */
  @Nullable
  Object call(Object argument) throws Exception {
    try {
      return method.getParameterCount() == 0 ? method.invoke(bean) : method.invoke(bean, argument);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getTargetException();
      if (thrown instanceof Error error) {
        throw error;
      }
      throw thrown instanceof Exception exception ? exception : e;
    }
  }
}
