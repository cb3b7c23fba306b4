package io.zookit.id.internal.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {

  private static final byte[] KEY = new byte[32];

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5, 16, 17, 100, 1_000, 4_096, 10_007})
  void apply_wholeSmallDomain_isABijection(long size) {
    Permutation permutation = new Permutation(KEY, size);
    BitSet images = new BitSet();
    for (long number = 0; number < size; number++) {
      long image = permutation.apply(number);
      assertThat(image).isBetween(0L, size - 1);
      images.set((int) image);
      assertThat(permutation.invert(image)).isEqualTo(number);
    }
    assertThat(images.cardinality()).isEqualTo((int) size);
  }

  @Test
  void apply_neighbours_landFarApart() {
    Permutation permutation = new Permutation(KEY, 1L << 40);
    int close = 0;
    for (long number = 0; number < 1_000; number++) {
      long distance = permutation.apply(number + 1) - permutation.apply(number);
      close += Math.abs(distance) < 1L << 30 ? 1 : 0;
    }
    assertThat(close).isLessThan(20);
  }

  @Test
  void apply_greatestDomain_isInverted() {
    Permutation permutation = new Permutation(KEY, 1L << 62);
    for (long number : new long[] {0, 1, 4711, (1L << 62) - 1}) {
      assertThat(permutation.invert(permutation.apply(number))).isEqualTo(number);
    }
  }

  @Test
  void apply_outsideTheDomain_isRefused() {
    Permutation permutation = new Permutation(KEY, 10);
    assertThatThrownBy(() -> permutation.apply(10)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> permutation.apply(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> permutation.invert(10)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Permutation(KEY, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
