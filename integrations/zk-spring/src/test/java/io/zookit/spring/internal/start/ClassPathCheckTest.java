package io.zookit.spring.internal.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.Version;
import io.zookit.spring.ZookitStartException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.DefaultResourceLoader;

@ExtendWith(OutputCaptureExtension.class)
class ClassPathCheckTest {

  private static final ClassLoader LOADER = ClassPathCheckTest.class.getClassLoader();

  @Test
  void starters_ofThisBuild_isOneForThisBoot() {
    TreeMap<String, String> starters = new TreeMap<>(ClassPathCheck.starters(LOADER));

    assertThat(starters).hasSize(1);
    assertThatCode(() -> ClassPathCheck.requireOneStarter(starters, SpringBootVersion.getVersion()))
        .doesNotThrowAnyException();
  }

  @Test
  void run_twoStarters_saysWhichOneToKeep(@TempDir Path folder, CapturedOutput output)
      throws Exception {
    Path marker = folder.resolve("META-INF/zookit-starter.properties");
    Files.createDirectories(folder.resolve("META-INF"));
    Files.writeString(marker, "starter=zk-spring-boot-other-starter\nboot=9\n");
    try (URLClassLoader both = new URLClassLoader(new URL[] {folder.toUri().toURL()}, LOADER)) {
      SpringApplication application =
          new SpringApplication(new DefaultResourceLoader(both), Object.class);
      application.setWebApplicationType(WebApplicationType.NONE);

      assertThatThrownBy(application::run)
          .isInstanceOf(ZookitStartException.class)
          .hasMessageContaining("zk-spring-boot-other-starter");
    }
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("Several starters of Zookit are on the class path")
        .contains("Keep one: zk-spring-boot-starter with Spring Boot 4");
  }

  @Test
  void requireOneStarter_forAnotherBoot_namesTheRightOne() {
    TreeMap<String, String> three = new TreeMap<>(Map.of("zk-spring-boot3-starter", "3"));
    TreeMap<String, String> four = new TreeMap<>(Map.of("zk-spring-boot-starter", "4"));

    assertThatThrownBy(() -> ClassPathCheck.requireOneStarter(three, "4.0.7"))
        .hasMessageContaining("Use zk-spring-boot-starter instead");
    assertThatThrownBy(() -> ClassPathCheck.requireOneStarter(four, "3.5.7"))
        .hasMessageContaining("Use zk-spring-boot3-starter instead");
  }

  @Test
  void requireSoundJackson_byVersion_refusesOnlyTheBrokenOnes() {
    assertThatThrownBy(() -> ClassPathCheck.requireSoundJackson(version(21, 1)))
        .isInstanceOf(ZookitStartException.class)
        .hasMessageContaining("2.21.1")
        .hasMessageContaining("jackson-2-bom.version");
    assertThatCode(() -> ClassPathCheck.requireSoundJackson(version(21, 2)))
        .doesNotThrowAnyException();
    assertThatCode(() -> ClassPathCheck.requireSoundJackson(version(20, 0)))
        .doesNotThrowAnyException();
  }

  private static Version version(int minor, int patch) {
    return new Version(2, minor, patch, "", "com.fasterxml.jackson.core", "jackson-core");
  }
}
