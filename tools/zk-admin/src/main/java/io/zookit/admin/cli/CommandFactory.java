package io.zookit.admin.cli;

import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * Creates the objects behind commands when picocli first needs them: a constructor gets the context, or another command of this
 * program. Not thread-safe.
 */
final class CommandFactory implements IFactory {

  private final Map<Class<?>, Object> created = new HashMap<>();

  CommandFactory(CommandContext context) {
    created.put(CommandContext.class, context);
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Object found = created.get(type);
    if (found == null && takesArguments(type)) {
      found = construct(type.getDeclaredConstructors()[0]);
      created.put(type, found);
    }
    return found == null ? CommandLine.defaultFactory().create(type) : type.cast(found);
  }

  private static boolean takesArguments(Class<?> type) {
    Constructor<?>[] constructors = type.getDeclaredConstructors();
    return constructors.length == 1 && constructors[0].getParameterCount() > 0;
  }

  private Object construct(Constructor<?> constructor) throws Exception {
    Object[] arguments = new Object[constructor.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = create(constructor.getParameterTypes()[i]);
    }
    constructor.setAccessible(true);
    return constructor.newInstance(arguments);
  }
}
