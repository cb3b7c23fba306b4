package io.zookit.spring.cloud;

import io.zookit.config.format.KeyChange;
import io.zookit.spring.config.ConfigChangedEvent;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Has Spring Cloud create those beans of its refresh scope again that a release changes: those with {@code
 * ConfigurationProperties} whose prefix covers a changed key, and those with a {@code Value} that names one.
 */
final class ChangedBeans
    implements ApplicationListener<PayloadApplicationEvent<ConfigChangedEvent>> {

  private static final String SCOPE = "refresh";
  private static final String TARGET = "scopedTarget.";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^:{}]+)");

  private final ConfigurableListableBeanFactory beans;
  private final RefreshScope scope;

  ChangedBeans(ConfigurableListableBeanFactory beans, RefreshScope scope) {
    this.beans = beans;
    this.scope = scope;
  }

  @Override
  public void onApplicationEvent(PayloadApplicationEvent<ConfigChangedEvent> event) {
    List<ConfigurationPropertyName> changed = event.getPayload().changes().values().stream()
        .flatMap(List::stream)
        .map(KeyChange::key)
        .map(ChangedBeans::name)
        .toList();
    for (String bean : beans.getBeanDefinitionNames()) {
      if (bean.startsWith(TARGET) && isRefreshed(bean) && reads(bean, changed)) {
        scope.refresh(bean.substring(TARGET.length()));
      }
    }
  }

  private boolean isRefreshed(String bean) {
    BeanDefinition definition = beans.getMergedBeanDefinition(bean);
    return SCOPE.equals(definition.getScope());
  }

  private boolean reads(String bean, List<ConfigurationPropertyName> changed) {
    ConfigurationProperties bound =
        beans.findAnnotationOnBean(bean, ConfigurationProperties.class, false);
    if (bound != null) {
      ConfigurationPropertyName prefix = ConfigurationPropertyName.of(bound.prefix());
      return changed.stream().anyMatch(key -> prefix.equals(key) || prefix.isAncestorOf(key));
    }
    Class<?> type = beans.getType(bean, false);
    Set<ConfigurationPropertyName> read = type == null ? Set.of() : values(type);
    return changed.stream().anyMatch(read::contains);
  }

  /** The keys that the values of a class name. */
  private static Set<ConfigurationPropertyName> values(Class<?> type) {
    Set<ConfigurationPropertyName> names = new HashSet<>();
    for (Class<?> each = ClassUtils.getUserClass(type);
        each != null && each != Object.class;
        each = each.getSuperclass()) {
      Stream<Executable> executables = Stream.concat(
          Arrays.stream(each.getDeclaredConstructors()), Arrays.stream(each.getDeclaredMethods()));
      Stream<AnnotatedElement> parts = Stream.concat(
          Arrays.stream(each.getDeclaredFields()),
          executables.flatMap(
              one -> Stream.concat(Stream.of(one), Arrays.stream(one.getParameters()))));
      names.addAll(parts
          .map(part -> AnnotatedElementUtils.findMergedAnnotation(part, Value.class))
          .flatMap(ChangedBeans::keys)
          .collect(Collectors.toSet()));
    }
    return names;
  }

  private static Stream<ConfigurationPropertyName> keys(@Nullable Value value) {
    return value == null
        ? Stream.empty()
        : PLACEHOLDER
            .matcher(value.value())
            .results()
            .map(found -> found.group(1))
            .map(ChangedBeans::name);
  }

  private static ConfigurationPropertyName name(String key) {
    return ConfigurationPropertyName.adapt(key, '.');
  }
}
