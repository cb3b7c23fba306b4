package io.zookit.spring.config;

import io.zookit.config.Namespace;
import io.zookit.spring.ZookitProperties;
import io.zookit.spring.ZookitStartException;
import java.util.List;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;

/** Reads locations {@code zookit:ENV/APP/NS}. */
final class ImportLocationResolver implements ConfigDataLocationResolver<ZookitConfigDataResource> {

  static final String PREFIX = "zookit:";

  @Override
  public boolean isResolvable(
      ConfigDataLocationResolverContext context, ConfigDataLocation location) {
    return location.hasPrefix(PREFIX);
  }

  @Override
  public List<ZookitConfigDataResource> resolve(
      ConfigDataLocationResolverContext context, ConfigDataLocation location) {
    ZookitProperties properties =
        context.getBinder().bindOrCreate("zookit", ZookitProperties.class);
    return List.of(
        new ZookitConfigDataResource(namespace(location), location.isOptional(), properties));
  }

  private static Namespace namespace(ConfigDataLocation location) {
    try {
      return Namespace.parse(location.getNonPrefixedValue(PREFIX));
    } catch (IllegalArgumentException e) {
      throw new ZookitStartException(
          "spring.config.import=" + location + " does not name a namespace: " + e.getMessage()
              + ".",
          "Write zookit:ENV/APP/NS, such as zookit:prod/checkout/limits.",
          e);
    }
  }
}
