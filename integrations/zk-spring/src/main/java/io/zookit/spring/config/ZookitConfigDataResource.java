package io.zookit.spring.config;

import io.zookit.config.Namespace;
import io.zookit.spring.ZookitProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataResource;

/** A namespace that {@code spring.config.import} names, with the properties by which it is reached. */
public final class ZookitConfigDataResource extends ConfigDataResource {

  private final Namespace namespace;
  private final boolean skippable;
  private final ZookitProperties properties;

  ZookitConfigDataResource(Namespace namespace, boolean skippable, ZookitProperties properties) {
    super(skippable);
    this.namespace = namespace;
    this.skippable = skippable;
    this.properties = properties;
  }

  /** The namespace. */
  public Namespace namespace() {
    return namespace;
  }

  /** The properties {@code zookit.*} as they were when the import was resolved. */
  public ZookitProperties properties() {
    return properties;
  }

  /** Tells if it is left out, because the application starts without Zookit. */
  public boolean isLeftOut() {
    return !properties.enabled();
  }

  /** Tells if the application starts without it. */
  boolean isSkippable() {
    return skippable;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ZookitConfigDataResource that && namespace.equals(that.namespace);
  }

  @Override
  public int hashCode() {
    return namespace.hashCode();
  }

  @Override
  public String toString() {
    return ImportLocationResolver.PREFIX + namespace;
  }
}
