package io.zookit.spring.config;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.validation.Validator;

/**
 * Binds types to the environment as it would be with other snapshots. Creates new objects and changes nothing.
 *
 * <p><i>Threads:</i> one at a time.
 */
final class LiveBinder {

  private final ConfigurableEnvironment environment;
  private final ConversionService conversion;
  private final @Nullable Validator validator;

  LiveBinder(
      ConfigurableEnvironment environment,
      ConversionService conversion,
      @Nullable Validator validator) {
    this.environment = environment;
    this.conversion = conversion;
    this.validator = validator;
  }

  /**
   * Outcome of binding.
   *
   * @param objects by type; without those that could not be bound
   * @param problems the reasons, without values
   */
  record Binding(Map<Class<?>, Object> objects, List<String> problems) {}

  /** Binds all types. */
  Binding bind(List<LiveType> types, Map<Namespace, ConfigSnapshot> snapshots) {
    Binder binder = binder(snapshots);
    Map<Class<?>, Object> objects = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (LiveType each : types) {
      try {
        missing(each, binder, problems);
        objects.put(
            each.type(), binder.bindOrCreate(each.prefix(), Bindable.of(each.type()), handler()));
      } catch (BindException e) {
        problems.addAll(reasons(e));
      }
    }
    return new Binding(objects, problems);
  }

  private Binder binder(Map<Namespace, ConfigSnapshot> snapshots) {
    List<PropertySource<?>> sources = new ArrayList<>();
    for (PropertySource<?> each : environment.getPropertySources()) {
      if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(each)) {
        sources.add(each instanceof SnapshotPropertySource ours ? ours.at(snapshots) : each);
      }
    }
    return new Binder(
        ConfigurationPropertySources.from(sources),
        new PropertySourcesPlaceholdersResolver(sources),
        conversion);
  }

  private BindHandler handler() {
    BindHandler handler = new IgnoreTopLevelConverterNotFoundBindHandler();
    return validator == null ? handler : new ValidationBindHandler(handler, validator);
  }

  /** Spring Boot binds a missing number to 0; that is never meant. */
  private static void missing(LiveType live, Binder binder, List<String> problems) {
    if (!live.type().isRecord()) {
      return;
    }
    RecordComponent[] components = live.type().getRecordComponents();
    Parameter[] parameters = canonical(live.type(), components).getParameters();
    for (int i = 0; i < components.length; i++) {
      String name = qualified(live.prefix(), components[i].getName(), parameters[i]);
      if (components[i].getType().isPrimitive()
          && !parameters[i].isAnnotationPresent(DefaultValue.class)
          && !binder.bind(name, Bindable.of(String.class)).isBound()) {
        problems.add(name + ": missing");
      }
    }
  }

  /** The constructor whose parameters have the annotations of the components. */
  private static Constructor<?> canonical(Class<?> type, RecordComponent[] components) {
    try {
      return type.getDeclaredConstructor(
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + " is a record without its constructor", e);
    }
  }

  private static String qualified(String prefix, String component, Parameter parameter) {
    Name given = parameter.getAnnotation(Name.class);
    String name = given != null
        ? given.value()
        : component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  private static List<String> reasons(BindException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof BindValidationException invalid) {
        String prefix = String.valueOf(invalid.getValidationErrors().getName());
        return invalid.getValidationErrors().getAllErrors().stream()
            .map(error -> reason(prefix, error))
            .toList();
      }
    }
    ConfigurationPropertyName name = failure.getName();
    return List.of(name + ": cannot be bound to " + failure.getTarget().getType());
  }

  /** The message of a constraint may quote the value; then its name has to do. */
  private static String reason(String prefix, ObjectError error) {
    String message = String.valueOf(error.getDefaultMessage());
    if (!(error instanceof FieldError field)) {
      return prefix + ": " + message;
    }
    Object value = field.getRejectedValue();
    boolean quoted =
        value != null && !value.toString().isEmpty() && message.contains(value.toString());
    return prefix + "." + field.getField() + ": " + (quoted ? error.getCode() : message);
  }
}
