package io.zookit.testkit;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logging to the standard error for the programs of this kit, whatever logging library is on the class path.
 *
 * <p>Chosen by {@code -Dslf4j.provider=io.zookit.testkit.StderrLogs}, never on its own. Public because SLF4J makes it;
 * not meant for anything else. The system property {@code zookit.log} is the least level written, {@code warn} unless
 * set.
 */
public final class StderrLogs implements SLF4JServiceProvider {

  static final String LEVEL = "zookit.log";
  static final String PROVIDER = "slf4j.provider";

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();

  /** For SLF4J. */
  public StderrLogs() {}

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
