package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The BOM has no parent, so nothing but this keeps it in step with the build. */
final class BomTest {

  @Test
  void version_ofTheBom_isTheBuilds() {
    assertThat(Checkout.firstVersion(Checkout.pom("zk-bom"))).isEqualTo(Checkout.version());
  }

  @Test
  void modules_thatArePublished_areInTheBom() {
    String bom = Checkout.pom("zk-bom");

    assertThat(Checkout.publishedModules())
        .contains("zk-core")
        .doesNotContain("zk-rules")
        .filteredOn(module -> !module.equals("zk-bom"))
        .allSatisfy(module -> assertThat(bom).contains("<artifactId>" + module + "</artifactId>"));
  }
}
