package io.zookit.config.internal.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.internal.follow.DecodedCache.CacheKey;
import io.zookit.config.internal.follow.DecodedCache.CacheScope;
import io.zookit.config.internal.follow.DecodedCache.CacheShare;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodedCacheTest {

  private static final CacheScope SCOPE = new CacheScope("c1", "/zookit", "ana");
  private static final CacheKey KEY = new CacheKey("/a", 7, "sum", "head");

  private final DecodedCache cache = new DecodedCache(1_000);

  @Test
  void find_byAnotherClientOfTheScope_isTheSameValue() {
    CacheShare first = cache.open(SCOPE);
    CacheShare second = cache.open(SCOPE);
    Value kept = first.keep(Value.class, KEY, new Value(1), 10);

    assertThat(second.find(Value.class, KEY)).containsSame(kept);
    assertThat(second.keep(Value.class, KEY, new Value(2), 10)).isSameAs(kept);
  }

  @Test
  void find_inAnotherEnsembleRootOrIdentity_isNothing() {
    Value kept = cache.open(SCOPE).keep(Value.class, KEY, new Value(1), 10);

    for (CacheScope other : List.of(
        new CacheScope("c2", "/zookit", "ana"),
        new CacheScope("c1", "/other", "ana"),
        new CacheScope("c1", "/zookit", "bob"))) {
      assertThat(cache.open(other).find(Value.class, KEY)).as("%s", other).isEmpty();
    }
    assertThat(kept.n()).isEqualTo(1);
  }

  @Test
  void find_underAnotherPathVersionSumOrForm_isNothing() {
    CacheShare share = cache.open(SCOPE);
    Value kept = share.keep(Value.class, KEY, new Value(1), 10);

    for (CacheKey other : List.of(
        new CacheKey("/b", 7, "sum", "head"),
        new CacheKey("/a", 8, "sum", "head"),
        new CacheKey("/a", 7, "other", "head"),
        new CacheKey("/a", 7, "sum", "release"))) {
      assertThat(share.find(Value.class, other)).as("%s", other).isEmpty();
    }
    assertThat(kept.n()).isEqualTo(1);
  }

  @Test
  void close_ofTheLastClientOfAScope_removesItsValuesOnly() {
    CacheShare first = cache.open(SCOPE);
    CacheShare second = cache.open(SCOPE);
    CacheShare other = cache.open(new CacheScope("c2", "/zookit", "ana"));
    Value kept = first.keep(Value.class, KEY, new Value(1), 10);
    Value theirs = other.keep(Value.class, KEY, new Value(2), 20);

    first.close();
    first.close();

    assertThat(second.find(Value.class, KEY)).containsSame(kept);
    assertThat(first.find(Value.class, KEY)).isEmpty();
    second.close();
    assertThat(cache.values()).containsExactly(theirs);
    assertThat(cache.weight()).isEqualTo(20);
    first.keep(Value.class, KEY, kept, 10);
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void keep_moreThanTheLimit_removesTheOldest() {
    CacheShare share = cache.open(SCOPE);
    List<Value> used = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      used.add(share.keep(Value.class, key(i), new Value(i), 100));
      assertThat(cache.weight()).isLessThanOrEqualTo(1_000);
    }

    assertThat(share.find(Value.class, key(89))).isEmpty();
    assertThat(share.find(Value.class, key(90))).containsSame(used.get(90));
    share.keep(Value.class, KEY, new Value(-1), 1_001);
    assertThat(share.find(Value.class, KEY)).isEmpty();
    assertThat(cache.size()).isEqualTo(10);
  }

  @Test
  void values_thatNoClientUses_areCollected() {
    CacheShare share = cache.open(SCOPE);
    share.keep(Value.class, KEY, new Value(1), 10);

    await().untilAsserted(() -> {
      System.gc();
      assertThat(share.find(Value.class, KEY)).isEmpty();
      assertThat(cache.weight()).isZero();
    });
  }

  private static CacheKey key(int n) {
    return new CacheKey("/" + n, n, "sum", "head");
  }

  private record Value(int n) {}
}
