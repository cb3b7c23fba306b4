package io.zookit.spring.registration;

import io.zookit.registry.InstanceStatus;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceInstanceBuilder;
import io.zookit.registry.ServiceRegistry;
import io.zookit.spring.ZookitStartException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.env.Environment;

/**
 * The registration of this application. It begins when the application is ready and accepts traffic, is DOWN while it
 * refuses traffic, and ends in front of the web server.
 *
 * <p><i>Threads:</i> any; one transition at a time.
 */
public final class ApplicationRegistration implements SmartLifecycle, SmartApplicationListener {

  private static final long SLACK_MILLIS = 2_000;

  private final ServiceRegistry registry;
  private final RegistrationProperties properties;
  private final Environment environment;
  private final List<ServiceInstanceCustomizer> customizers;
  private boolean ready;
  private boolean accepting;
  private boolean running;
  private @Nullable Registration registration;

  ApplicationRegistration(
      ServiceRegistry registry,
      RegistrationProperties properties,
      Environment environment,
      List<ServiceInstanceCustomizer> customizers) {
    this.registry = registry;
    this.properties = properties;
    this.environment = environment;
    this.customizers = customizers;
  }

  /** The registration; empty before the application was ready, without a port, and after the shutdown began. */
  public synchronized Optional<Registration> registration() {
    return Optional.ofNullable(registration);
  }

  @Override
  public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
    return ApplicationReadyEvent.class.isAssignableFrom(type)
        || AvailabilityChangeEvent.class.isAssignableFrom(type);
  }

  @Override
  public synchronized void onApplicationEvent(ApplicationEvent event) {
    if (event instanceof ApplicationReadyEvent) {
      ready = true;
    } else if (event instanceof AvailabilityChangeEvent<?> change
        && change.getState() instanceof ReadinessState state) {
      accepting = state == ReadinessState.ACCEPTING_TRAFFIC;
    }
    apply();
  }

  private void apply() {
    if (!running) {
      return;
    }
    if (registration != null) {
      InstanceStatus status = accepting ? InstanceStatus.UP : InstanceStatus.DOWN;
      if (registration.instance().status() != status) {
        registration.update(now -> now.withStatus(status));
      }
    } else if (ready && accepting) {
      Integer port = port();
      if (port != null) {
        registration = registry.register(instance(port));
      }
    }
  }

  private @Nullable Integer port() {
    return properties.port() != null
        ? properties.port()
        : environment.getProperty("local.server.port", Integer.class);
  }

  private ServiceInstance instance(int port) {
    String host = properties.host() != null ? properties.host() : MachineAddress.first();
    ServiceInstanceBuilder builder = ServiceInstance.builder(service(), host, port)
        .weight(properties.weight())
        .metadata(properties.metadata());
    if (properties.id() != null) {
      builder.id(properties.id());
    }
    if (properties.zone() != null) {
      builder.zone(properties.zone());
    }
    if (properties.version() != null) {
      builder.version(properties.version());
    }
    ServiceInstance instance = builder.build();
    for (ServiceInstanceCustomizer each : customizers) {
      instance = each.customize(instance);
    }
    return instance;
  }

  private String service() {
    String name = properties.service() != null
        ? properties.service()
        : environment.getProperty("spring.application.name");
    if (name == null || name.isBlank()) {
      throw new ZookitStartException(
          "The application is to be registered, and has no name.",
          "Set spring.application.name or zookit.registration.service; or zookit.registration.enabled=false.");
    }
    return name;
  }

  /** Refuses properties with which no instance can be created, before the application is ready. */
  @Override
  public synchronized void start() {
    Integer port = port();
    if (port != null) {
      try {
        instance(port);
      } catch (IllegalArgumentException e) {
        throw new ZookitStartException(
            "The application cannot be registered: " + e.getMessage() + ".",
            "Correct zookit.registration.*, or set zookit.registration.enabled=false.",
            e);
      }
    }
    running = true;
    apply();
  }

  @Override
  public void stop() {
    stop(() -> {});
  }

  @Override
  public void stop(Runnable callback) {
    Registration open;
    synchronized (this) {
      running = false;
      open = registration;
      registration = null;
    }
    if (open == null) {
      callback.run();
      return;
    }
    open.drain(properties.drain())
        .orTimeout(properties.drain().toMillis() + SLACK_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete((gone, late) -> callback.run());
  }

  @Override
  public synchronized boolean isRunning() {
    return running;
  }

  /** After the web server has started, and before it begins to stop, which is 512 further down. */
  @Override
  public int getPhase() {
    return SmartLifecycle.DEFAULT_PHASE - 512;
  }
}
