package io.zookit.boot3;

import io.zookit.spring.ZkClientCustomizer;
import io.zookit.spring.ZookitConnectionDetails;
import io.zookit.spring.config.ConfigImports;
import io.zookit.spring.config.ZookitConfigDataResource;
import org.apache.commons.logging.Log;
import org.springframework.boot.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLoaderContext;
import org.springframework.boot.logging.DeferredLogFactory;

/** Loads imported namespaces with the one client that the bootstrap context keeps for the application. */
final class Boot3ImportLoader implements ConfigDataLoader<ZookitConfigDataResource> {

  private final Log log;

  Boot3ImportLoader(DeferredLogFactory logs) {
    this.log = logs.getLog(ConfigImports.class);
  }

  @Override
  public ConfigData load(ConfigDataLoaderContext context, ZookitConfigDataResource resource) {
    if (resource.isLeftOut()) {
      return ConfigData.EMPTY;
    }
    ConfigurableBootstrapContext bootstrap = context.getBootstrapContext();
    ConfigImports imports = bootstrap.getOrElse(ConfigImports.class, null);
    if (imports == null) {
      ConfigImports opened = open(bootstrap, resource);
      bootstrap.register(ConfigImports.class, InstanceSupplier.of(opened));
      bootstrap.addCloseListener(event -> opened.promote(event.getApplicationContext()));
      imports = opened;
    }
    return imports.load(resource, log);
  }

  private static ConfigImports open(
      ConfigurableBootstrapContext bootstrap, ZookitConfigDataResource resource) {
    ZookitConnectionDetails details = bootstrap.getOrElse(ZookitConnectionDetails.class, null);
    String connect = details == null ? resource.properties().connect() : details.connectString();
    ZkClientCustomizer customizer = bootstrap.getOrElse(ZkClientCustomizer.class, null);
    return ConfigImports.open(resource, connect, customizer);
  }
}
