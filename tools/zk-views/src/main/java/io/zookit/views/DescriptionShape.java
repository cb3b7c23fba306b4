package io.zookit.views;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.config.NamespaceState;
import io.zookit.config.Policy;

/**
 * A namespace and its policy.
 *
 * @param state its fields stand next to {@code policy}
 */
public record DescriptionShape(@JsonUnwrapped NamespaceShape state, Policy policy) {

  /** The shape of a state and a policy. */
  public static DescriptionShape of(NamespaceState state, Policy policy) {
    return new DescriptionShape(NamespaceShape.of(state), policy);
  }
}
