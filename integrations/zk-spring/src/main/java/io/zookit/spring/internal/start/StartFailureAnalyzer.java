package io.zookit.spring.internal.start;

import io.zookit.spring.ZookitStartException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a {@link ZookitStartException} as Spring Boot shows its own reasons not to start. */
final class StartFailureAnalyzer extends AbstractFailureAnalyzer<ZookitStartException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ZookitStartException cause) {
    return new FailureAnalysis(cause.description(), cause.action(), cause);
  }
}
