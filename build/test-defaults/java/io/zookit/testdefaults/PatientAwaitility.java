package io.zookit.testdefaults;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets Awaitility wait a minute by default. A wait ends as soon as its condition holds, so a fast machine loses nothing
 * and a busy one does not fail after Awaitility's own ten seconds. JUnit finds this extension by its service file.
 */
public final class PatientAwaitility implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }
}
