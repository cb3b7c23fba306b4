package io.zookit.config.internal.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.codec.Decoded;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that no publisher of ours writes are malformed, so that nothing is allocated or looked up for them. */
class HostileRecordsTest {

  private static final String MANIFEST =
      "{\"v\":1,\"r\":1,\"number\":1,\"kind\":\"PUBLISH\",\"format\":\"TEXT\",\"author\":\"ana\","
          + "\"at\":\"2026-01-01T00:00:00Z\",\"message\":\"\",\"publishId\":\"p\",\"keys\":1,\"size\":1,"
          + "\"sha256\":\"x\",\"previous\":\"\",FIELDS}";
  private static final String SHA256 = "0".repeat(64);

  @Test
  void manifest_asPublishersWriteIt_isRead() {
    assertThat(manifest("\"stored\":5")).isInstanceOf(Decoded.Value.class);
    assertThat(manifest("\"stored\":5,\"blob\":\"" + SHA256 + "\",\"chunks\":8"))
        .isInstanceOf(Decoded.Value.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'stored':-1",
        "'stored':2147483647",
        "'stored':5,'blob':'SHA256','chunks':2000000000",
        "'stored':5,'blob':'SHA256','chunks':0",
        "'stored':5,'blob':'SHA256','chunks':-1",
        "'stored':5,'blob':'SHA256'",
        "'stored':5,'chunks':1",
        "'stored':5,'blob':'../../locks','chunks':1",
        "'stored':5,'blob':'..','chunks':1",
        "'stored':5,'blob':'','chunks':1"
      })
  void manifest_hostile_isMalformed(String fields) {
    assertThat(manifest(fields.replace('\'', '"').replace("SHA256", SHA256)))
        .isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void head_withLayersOrABundleThatNameNoNamespace_isMalformed() {
    String good = new String(StoredHead.absent(1, 1, 0, Instant.EPOCH).head().encoded(), UTF_8);
    assertThat(Head.CODEC.decode(good.getBytes(UTF_8))).isInstanceOf(Decoded.Value.class);
    String layer = good.replace("\"layers\":[]", "\"layers\":[\"prod/none\"]");
    String bundle =
        good.replaceFirst("\\{", "{\"bundle\":{\"id\":\"b\",\"revisions\":{\"none\":1}},");
    for (String bad : new String[] {layer, bundle}) {
      assertThat(bad).isNotEqualTo(good);
      assertThat(Head.CODEC.decode(bad.getBytes(UTF_8))).isInstanceOf(Decoded.Malformed.class);
    }
  }

  private static Decoded<Manifest> manifest(String fields) {
    return Manifest.CODEC.decode(MANIFEST.replace("FIELDS", fields).getBytes(UTF_8));
  }
}
