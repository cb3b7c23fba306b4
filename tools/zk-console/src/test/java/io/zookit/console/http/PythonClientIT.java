package io.zookit.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.console.ConsoleWorld;
import io.zookit.core.Role;
import io.zookit.testkit.ZkServerExtension;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The sample client in Python, which uses its standard library only. */
@Tag("full")
class PythonClientIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final ConsoleWorld console = new ConsoleWorld(zooKeeper.connectString(), zooKeeper.freshRoot());

  @Test
  void follow_configuration_printsEveryRelease() throws Exception {
    Namespace ns = Namespace.of("prod", "shop", "limits");
    ConfigStore store = ConfigStore.in(console.client("test"));
    store.publish(ns, Content.properties("a=1\n"), Change.by("ada"));
    console.start();
    Path client = Path.of("../../samples/other-languages/follow_config.py");
    ProcessBuilder builder = new ProcessBuilder(
            "python3", client.toString(), "http://127.0.0.1:" + console.port(), ns.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("ZOOKIT_TOKEN", console.token(Role.VIEWER));
    Process python = builder.start();
    console.closeLater(python::destroy);

    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(python.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("{\"release\": 1, \"values\": {\"a\": \"1\"}}");
      store.publish(ns, Content.properties("a=2\n"), Change.by("ada"));
      assertThat(lines.readLine()).isEqualTo("{\"release\": 2, \"values\": {\"a\": \"2\"}}");
    }
  }
}
