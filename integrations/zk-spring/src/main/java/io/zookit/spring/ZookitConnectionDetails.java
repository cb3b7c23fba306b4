package io.zookit.spring;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * The address of the ensemble, where it does not come from {@code zookit.connect}: a container that a test has started, for
 * example.
 *
 * <p>It cannot reach {@code spring.config.import}, which is resolved before any bean exists.
 */
@FunctionalInterface
public interface ZookitConnectionDetails extends ConnectionDetails {

  /** The servers, {@code host:port[,host:port…][/chroot]}. */
  String connectString();
}
