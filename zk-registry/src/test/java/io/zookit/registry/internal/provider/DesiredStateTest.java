package io.zookit.registry.internal.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.store.StoredInstance;
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

  @Test
  void of_instanceWithoutRoomForItsGoodbye_isRefused() {
    ServiceInstance bare = UP.withMetadata("k", "");
    int room = StoredInstance.MAX_BYTES - StoredInstance.encode(bare).length;
    ServiceInstance full = bare.withMetadata("k", "x".repeat(room));

    assertThat(StoredInstance.encode(full)).hasSize(StoredInstance.MAX_BYTES);
    assertThatThrownBy(() -> DesiredState.of(full)).isInstanceOf(IllegalArgumentException.class);
  }
}
