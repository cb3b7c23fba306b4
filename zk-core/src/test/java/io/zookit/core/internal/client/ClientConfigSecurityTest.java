package io.zookit.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which configurations of ZooKeeper's client have credentials. */
@Isolated // the login configuration is one of the whole JVM
class ClientConfigSecurityTest {

  private static final String KEYS = "zookeeper.ssl.keyStore.location";
  private static final String TRUST = "zookeeper.ssl.trustStore.location";

  @ParameterizedTest
  @CsvSource({
    "false,," + KEYS + ",false",
    "true,," + KEYS + ",true",
    "true,," + TRUST + ",false",
    "true,,zookeeper.ssl.context.supplier.class,true",
    "false,Client,zookeeper.request.timeout,true",
    "false,Other,zookeeper.request.timeout,false",
    "false,Other,zookeeper.sasl.clientconfig,true"
  })
  void authenticates_byCertificateOverTlsOrByLogin(
      boolean secure, String login, String property, boolean expected) {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.SECURE_CLIENT, String.valueOf(secure));
    config.setProperty(property, login == null ? "file" : login);
    withLogin(login, () -> {
      assertThat(ClientConfigSecurity.authenticates(config)).isEqualTo(expected);
      assertThat(ClientConfigSecurity.isTls(config)).isEqualTo(secure);
    });
  }

  @Test
  void authenticates_saslTurnedOff_isNot() {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
    withLogin(
        "Client", () -> assertThat(ClientConfigSecurity.authenticates(config)).isFalse());
  }

  @Test
  void authenticates_noLoginConfigurationOrNoConfig_isNot() {
    assertThat(ClientConfigSecurity.authenticates(new ZKClientConfig())).isFalse();
    assertThat(ClientConfigSecurity.authenticates(null)).isFalse();
    assertThat(ClientConfigSecurity.isTls(null)).isFalse();
  }

  private static void withLogin(String name, Runnable test) {
    Configuration.setConfiguration(new Configuration() {
      @Override
      public AppConfigurationEntry @Nullable [] getAppConfigurationEntry(String asked) {
        return asked.equals(name)
            ? new AppConfigurationEntry[] {
              new AppConfigurationEntry(
                  "Login", AppConfigurationEntry.LoginModuleControlFlag.REQUIRED, Map.of())
            }
            : null;
      }
    });
    try {
      test.run();
    } finally {
      Configuration.setConfiguration(null);
    }
  }
}
