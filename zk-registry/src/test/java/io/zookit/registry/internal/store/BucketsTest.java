package io.zookit.registry.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketsTest {

  @Test
  void maskFor_manyInstances_growsToPowersOfTwo() {
    assertThat(Buckets.maskFor(0, 0)).isZero();
    assertThat(Buckets.maskFor(4_000, 0)).isZero();
    assertThat(Buckets.maskFor(4_001, 0)).isEqualTo(1);
    assertThat(Buckets.maskFor(10_000, 0)).isEqualTo(3);
    assertThat(Buckets.maskFor(27_000, 0)).isEqualTo(7);
    assertThat(Buckets.maskFor(10, 15)).isEqualTo(15);
    assertThat(Buckets.maskFor(Integer.MAX_VALUE, 0)).isEqualTo(255);
  }

  @Test
  void maskFound_bucketsThatCameLast_tellWhetherThereAreEnough() {
    assertThat(Buckets.maskFound(4_000, 1, 0)).isZero();
    assertThat(Buckets.maskFound(27_000, 1, 0)).isEqualTo(7);
    assertThat(Buckets.maskFound(900, 2, 1)).isEqualTo(1);
    assertThat(Buckets.maskFound(1_001, 2, 1)).isEqualTo(3);
    assertThat(Buckets.maskFound(12_000, 1, 3)).as("only the old one").isEqualTo(3);
    assertThat(Buckets.maskFound(5_000, 8, 255)).isEqualTo(255);
  }
}
