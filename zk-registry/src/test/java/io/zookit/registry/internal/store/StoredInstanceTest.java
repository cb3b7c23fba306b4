package io.zookit.registry.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoredInstanceTest {

  private static final NodeName NODE = new NodeName("i1", 7);
  private static final AtomicInteger GADGETS = new AtomicInteger();

  /** An object that a reader that trusts class names would create. */
  @SuppressWarnings("unused")
  static final class Gadget {
    public Gadget() {
      GADGETS.incrementAndGet();
    }

    public void setHost(String host) {
      GADGETS.incrementAndGet();
    }
  }

  @Test
  void decode_whatWasEncoded_isTheSame() {
    long seed = Long.getLong("zookit.seed", System.identityHashCode(this));
    System.out.println("seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      ServiceInstance instance = random(random);
      assertThat(valueOf(StoredInstance.encode(instance))).isEqualTo(instance);
    }
  }

  @Test
  void encode_usualValues_areLeftOut() {
    ServiceInstance plain = ServiceInstance.at("payments", "10.0.0.7", 8080).withId("i1");
    assertThat(new String(StoredInstance.encode(plain), StandardCharsets.UTF_8))
        .isEqualTo("{\"v\":1,\"r\":1,\"id\":\"i1\",\"host\":\"10.0.0.7\",\"port\":8080}");
  }

  @Test
  void decode_classNamesInTheData_instantiatesNothing() {
    String gadget = Gadget.class.getName();
    String json = "{\"@class\":\"" + gadget
        + "\",\"v\":1,\"r\":1,\"id\":\"i1\",\"host\":\"h\",\"port\":1,"
        + "\"metadata\":{\"@class\":\"" + gadget + "\"},\"zone\":{\"@class\":\"" + gadget + "\"}}";
    assertThat(decode(json)).isInstanceOf(Decoded.Malformed.class);
    String readable = json.replaceAll(",\"zone\".*", "}");
    assertThat(valueOf(readable.getBytes(StandardCharsets.UTF_8)).metadata())
        .containsEntry("@class", gadget);
    assertThat(GADGETS).hasValue(0);
  }

  @Test
  void decode_fieldsOfALaterVersion_areIgnored() {
    String later = "{\"v\":4,\"r\":1,\"id\":\"i1\",\"host\":\"h\",\"port\":1,\"colour\":\"blue\","
        + "\"status\":\"warming\"}";
    ServiceInstance read = valueOf(later.getBytes(StandardCharsets.UTF_8));
    assertThat(read.address()).isEqualTo("h:1");
    assertThat(read.status()).isEqualTo(InstanceStatus.DOWN);
  }

  @Test
  void decode_tooNew_saysSo() {
    assertThat(decode("{\"v\":3,\"r\":2,\"whatever\":1}")).isEqualTo(new Decoded.TooNew<>(3, 2));
  }

  @Test
  void decode_badData_isMalformedWithAReason() {
    assertThat(decode("")).isInstanceOf(Decoded.Malformed.class);
    assertThat(decode("rubbish")).isInstanceOf(Decoded.Malformed.class);
    assertThat(reason("{\"v\":1,\"r\":1,\"id\":\"i2\",\"host\":\"h\",\"port\":1}"))
        .isEqualTo("id: another than in the node's name");
    assertThat(reason("{\"v\":1,\"r\":1,\"id\":\"i1\",\"host\":\"h\",\"port\":0}"))
        .isEqualTo("port: 0 (expected: 1 to 65535)");
    assertThat(reason("{\"v\":1,\"r\":1,\"id\":\"i1\",\"host\":\"h\"}")).isEqualTo("port: missing");
  }

  @Test
  void encode_tooLarge_isRefusedWithTheSizes() {
    ServiceInstance large =
        ServiceInstance.at("payments", "h", 1).withMetadata("k", "x".repeat(4096));
    assertThatThrownBy(() -> StoredInstance.encode(large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("instance payments/h-1: ")
        .hasMessageContaining("(expected: at most 4096)");
  }

  private static ServiceInstance random(Random random) {
    ServiceInstance instance = ServiceInstance.at(
            "payments", "host" + random.nextInt(100), 1 + random.nextInt(65_535))
        .withId("i1")
        .withWeight(random.nextInt(1000))
        .withStatus(random.nextBoolean() ? InstanceStatus.UP : InstanceStatus.DOWN);
    if (random.nextBoolean()) {
      instance = instance.withZone("z" + random.nextInt(3)).withVersion("1." + random.nextInt(9));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      instance = instance
          .withPort("p" + i, 1 + random.nextInt(65_535))
          .withMetadata("k\"\\\u20ac" + i, "v" + random.nextLong());
    }
    return instance;
  }

  private static Decoded<ServiceInstance> decode(String json) {
    return StoredInstance.decode("payments", NODE, json.getBytes(StandardCharsets.UTF_8));
  }

  private static String reason(String json) {
    return ((Decoded.Malformed<ServiceInstance>) decode(json)).reason();
  }

  private static ServiceInstance valueOf(byte[] data) {
    return ((Decoded.Value<ServiceInstance>) StoredInstance.decode("payments", NODE, data)).value();
  }
}
