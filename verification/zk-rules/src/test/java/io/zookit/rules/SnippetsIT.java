package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the snippets of the documents that are marked so, each against a root of its own. */
@Tag("full")
class SnippetsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  Path classes = Path.of("");

  static List<DocumentSnippet> runnable() {
    return Checkout.snippets().stream()
        .filter(snippet -> snippet.kind() == DocumentSnippet.Kind.RUN)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("runnable")
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void run_ofASnippet_endsWithoutAnException(DocumentSnippet snippet) throws Exception {
    DocumentSnippet here = snippet.withServers(zooKeeper.connectString());
    SnippetCompiler compiler = new SnippetCompiler(classes);
    assertThat(compiler.compile(List.of(here)).get(here)).isEmpty();
    URL[] folder = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(folder, getClass().getClassLoader());
        ZkClient zk = ZkClient.builder(zooKeeper.connectString())
            .root(zooKeeper.freshRoot())
            .connect()) {
      Class.forName(here.className(), true, loader)
          .asSubclass(SnippetContext.class)
          .getConstructor(ZkClient.class)
          .newInstance(zk)
          .run();
    }
  }
}
