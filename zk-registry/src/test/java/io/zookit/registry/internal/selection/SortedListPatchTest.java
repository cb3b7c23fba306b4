package io.zookit.registry.internal.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SortedListPatchTest {

  @Test
  void apply_changesAtRandom_isWhatASortedMapBecomes() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    TreeMap<String, String> map = new TreeMap<>();
    for (int i = 0; i < 2_000; i++) {
      List<String> old = List.copyOf(map.values());
      List<String> oldIds = List.copyOf(map.keySet());
      List<String> ids = new ArrayList<>(new TreeSet<>(
          List.of("k" + random.nextInt(9), "k" + random.nextInt(9), "k" + random.nextInt(9))));
      List<Optional<String>> next = new ArrayList<>();
      SortedListPatch patch = SortedListPatch.at(ids, oldIds.size(), oldIds::get);
      for (int place = 0; place < ids.size(); place++) {
        String id = ids.get(place);
        Optional<String> value =
            random.nextInt(3) == 0 ? Optional.empty() : Optional.of(id + "=" + i);
        next.add(value);
        value.ifPresentOrElse(now -> map.put(id, now), () -> map.remove(id));
      }
      assertThat(patch.apply(old, next))
          .as("seed %s", seed)
          .containsExactlyElementsOf(map.values());
    }
  }
}
