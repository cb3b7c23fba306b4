package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class DesiredStateTest {

  private static final ServiceInstance UP = ServiceInstance.at("shop", "10.0.0.7", 8000);

  @Test
  void of_leavingInstance_isRefused() {
    assertThatThrownBy(() -> DesiredState.of(UP.withStatus(InstanceStatus.LEAVING)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("status: LEAVING (expected: UP or DOWN");
  }

  @Test
  void with_leavingInstance_isRefused() {
    DesiredState up = DesiredState.of(UP);

    assertThatThrownBy(() -> up.with(UP.withStatus(InstanceStatus.LEAVING)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("status: LEAVING (expected: UP or DOWN");
  }
}
