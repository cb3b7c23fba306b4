package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.ConfigStore;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The starter with the versions of this Spring Boot. */
@SpringBootTest
class ShopApplicationTest {

  private static final ZkServer server = ZkServer.start();

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("zookit.connect", server::connectString);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Autowired
  private ShopApplication.Payments payments;

  @Autowired
  private ZkClient client;

  @Autowired
  private ConfigStore store;

  @Test
  void lockedMethod_runs() {
    assertThat(payments.pay("o-7")).isEqualTo("paid o-7");
    assertThat(client.session().remaining()).isPositive();
    assertThat(store).isNotNull();
  }
}
