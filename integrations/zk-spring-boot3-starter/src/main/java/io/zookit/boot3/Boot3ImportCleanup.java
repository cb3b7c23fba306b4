package io.zookit.boot3;

import io.zookit.spring.config.ConfigImports;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ConfigurableBootstrapContext;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationListener;

/** Ends the session of the imports of an application that failed to start, with or without an application context. */
final class Boot3ImportCleanup implements ApplicationListener<SpringApplicationEvent> {

  private @Nullable ConfigurableBootstrapContext bootstrap;

  @Override
  public void onApplicationEvent(SpringApplicationEvent event) {
    if (event instanceof ApplicationStartingEvent starting) {
      bootstrap = starting.getBootstrapContext();
    } else if (event instanceof ApplicationFailedEvent && bootstrap != null) {
      ConfigImports imports = bootstrap.getOrElse(ConfigImports.class, null);
      if (imports != null) {
        imports.close();
      }
    }
  }
}
