package io.zookit.spring.internal.start;

import com.fasterxml.jackson.core.Version;
import io.zookit.spring.ZookitStartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.io.UrlResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * Refuses a class path on which Zookit cannot work, before anything else is loaded from it: two starters, a starter for
 * another Spring Boot, or a Jackson that does not read what it has written.
 */
final class ClassPathCheck
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private static final String MARKER = "META-INF/zookit-starter.properties";

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    ClassLoader loader = event.getSpringApplication().getClassLoader();
    requireOneStarter(starters(loader), SpringBootVersion.getVersion());
    requireSoundJackson(com.fasterxml.jackson.core.json.PackageVersion.VERSION);
  }

  /** Starters by their names, each with the major version of its Spring Boot. */
  static SortedMap<String, String> starters(ClassLoader loader) {
    SortedMap<String, String> found = new TreeMap<>();
    try {
      for (URL marker : Collections.list(loader.getResources(MARKER))) {
        Properties starter = PropertiesLoaderUtils.loadProperties(new UrlResource(marker));
        found.put(starter.getProperty("starter"), starter.getProperty("boot"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  static void requireOneStarter(SortedMap<String, String> starters, @Nullable String boot) {
    if (starters.size() > 1) {
      throw new ZookitStartException(
          "Several starters of Zookit are on the class path: "
              + String.join(", ", starters.keySet()) + ".",
          "Keep one: zk-spring-boot-starter with Spring Boot 4, zk-spring-boot3-starter with Spring Boot 3.5.");
    }
    starters.forEach((starter, major) -> {
      if (boot != null && !boot.startsWith(major + ".")) {
        throw new ZookitStartException(
            starter + " is for Spring Boot " + major + ", and this is Spring Boot " + boot + ".",
            "Use " + (boot.startsWith("3.") ? "zk-spring-boot3-starter" : "zk-spring-boot-starter")
                + " instead.");
      }
    });
  }

  static void requireSoundJackson(Version jackson) {
    if (jackson.getMajorVersion() == 2
        && jackson.getMinorVersion() == 21
        && jackson.getPatchLevel() < 2) {
      throw new ZookitStartException(
          "Jackson " + jackson
              + " writes names with characters outside the basic plane that it cannot read.",
          "Set the version of Jackson to 2.21.2 or later, or to one before 2.21.0; with Spring Boot's parent by the"
              + " property jackson-2-bom.version, or jackson-bom.version for Boot 3.");
    }
  }

  /** In front of the listener that loads configuration, which would load classes of a wrong starter. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
