package io.zookit.testkit.internal.host;

import java.util.Locale;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logging to the standard error for the programs of this kit, whatever logging library is on the class path.
 *
 * <p>Chosen by {@code -Dslf4j.provider=io.zookit.testkit.internal.host.StderrLogs}, never on its own. Public because SLF4J makes it;
 * not meant for anything else. The system property {@code zookit.log} is the least level written, {@code warn} unless
 * set.
 */
public final class StderrLogs implements SLF4JServiceProvider {

  private static final String LEVEL = "zookit.log";
  private static final String PROVIDER = "slf4j.provider";

  /** Keeps SLF4J from telling which provider it takes. */
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();

  /** For SLF4J. */
  public StderrLogs() {}

  /** Has this JVM log here, unless a provider has been chosen for it. For the first line of a main method. */
  public static void use() {
    if (System.getProperty(PROVIDER) == null) {
      System.setProperty(PROVIDER, StderrLogs.class.getName());
      System.setProperty(VERBOSITY, "WARN");
    }
  }

  /** The options with which a JVM logs here. */
  public static String[] options(Level least) {
    return new String[] {
      "-D" + PROVIDER + "=" + StderrLogs.class.getName(),
      "-D" + VERBOSITY + "=WARN",
      "-D" + LEVEL + "=" + least
    };
  }

  public static Level leastLevel() {
    return Level.valueOf(System.getProperty(LEVEL, "warn").toUpperCase(Locale.ROOT));
  }

  @Override
  public void initialize() {}

  @Override
  public ILoggerFactory getLoggerFactory() {
    return StderrLogger::named;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
