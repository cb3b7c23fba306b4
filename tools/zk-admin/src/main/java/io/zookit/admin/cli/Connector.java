package io.zookit.admin.cli;

import io.zookit.admin.output.Cell;
import io.zookit.core.AccessPolicy;
import io.zookit.core.UnsupportedServerException;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.client.ZKClientConfig;
import picocli.CommandLine.TypeConversionException;

/** Determines the servers and the credentials to use, and connects. */
final class Connector {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final String DEFAULT_CONNECT = "localhost:2181";
  private static final String ACCEPTED_VERSIONS = "ZOOKIT_ACCEPT_SERVER_VERSION";
  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  private static final String OWN_PROCESS = "zookit.launcher";
  private static final String TRUST_STORE = "javax.net.ssl.trustStore";

  private final CliEnvironment environment;
  private final GlobalOptions options;
  private final ContextFile file;

  Connector(CliEnvironment environment, GlobalOptions options) {
    this.environment = environment;
    this.options = options;
    this.file = new ContextFile(environment.contextFile());
  }

  ContextFile file() {
    return file;
  }

  /** The first that says where: an option, the environment, the context in use, the default. */
  Target target() {
    if (options.connect != null && options.context != null) {
      throw new CommandException(
          ExitCode.USAGE, "--connect and --context: both given (expected: one of them)");
    }
    if (options.connect != null) {
      return new Target(Context.to(options.connect), "--connect");
    }
    if (options.context != null) {
      return named(options.context, "--context " + options.context);
    }
    Optional<String> variable = environment.variable("ZOOKIT_CONNECT");
    if (variable.isPresent()) {
      return new Target(Context.to(variable.get()), "ZOOKIT_CONNECT");
    }
    return file.read()
        .current()
        .map(name -> named(name, "context " + name + " of " + file.path()))
        .orElseGet(() -> new Target(Context.to(DEFAULT_CONNECT), "the default"));
  }

  /**
   * Returns the time to wait for a connection, and for a response.
   *
   * @throws CommandException if the environment variable does not hold a duration
   */
  Duration timeout() {
    if (options.timeout != null) {
      return options.timeout;
    }
    try {
      return environment
          .variable("ZOOKIT_TIMEOUT")
          .map(text -> new DurationConverter().convert(text))
          .orElse(DEFAULT_TIMEOUT);
    } catch (TypeConversionException e) {
      throw new CommandException(ExitCode.USAGE, "ZOOKIT_TIMEOUT: " + e.getMessage(), e);
    }
  }

  private Target named(String name, String source) {
    return new Target(file.read().named(name), source);
  }

  /** Connects within the time given. */
  ZkClient connect(Optional<AccessPolicy> access) {
    return connect(target().context().connect(), access);
  }

  /** Connects to one server. */
  ZkClient connectTo(String server) {
    return connect(server, Optional.empty());
  }

  private ZkClient connect(String addresses, Optional<AccessPolicy> access) {
    Target target = target();
    quietLogs();
    if (target.context().tls().isEmpty()) {
      leaveOutCertificates();
    }
    try {
      ZkClientBuilder builder = builder(target.context(), addresses);
      access.ifPresent(builder::access);
      return builder.connect();
    } catch (UnsupportedServerException e) {
      throw new UnsupportedServerException(inWordsOfVariables(String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.USAGE, inWordsOfOptions(String.valueOf(e.getMessage())), e);
    }
  }

  /** Rewords a message of the API in terms of the command-line options. */
  private static String inWordsOfOptions(String message) {
    return message.startsWith("credentials: ")
        ? message.replaceFirst(
            " \\(expected: .*",
            " (expected: --user NAME, a context with user or tls, or --allow-unauthenticated)")
        : message;
  }

  private static String inWordsOfVariables(String message) {
    return message.replaceFirst("acceptServerVersion\\(\"(.*?)\"\\)", ACCEPTED_VERSIONS + "=$1");
  }

  /** Silences the logs unless the output is verbose: the command itself reports what went wrong. */
  private void quietLogs() {
    if (System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, options.verbose ? "warn" : "off");
    }
  }

  /**
   * Has ZooKeeper's client, which prepares TLS even if it does not use it, not parse the certificates of this Java: a third of
   * the time of a short command. Only in a process that runs one command.
   */
  private static void leaveOutCertificates() {
    if (System.getProperty(OWN_PROCESS) != null && System.getProperty(TRUST_STORE) == null) {
      System.setProperty(TRUST_STORE, "NONE");
    }
  }

  private ZkClientBuilder builder(Context context, String addresses) {
    ZkClientBuilder builder = ZkClient.builder(addresses).connectTimeout(timeout());
    Optional.ofNullable(options.root).or(context::root).ifPresent(builder::root);
    user(context).ifPresent(user -> builder.digest(user, password(user, context)));
    context.tls().ifPresent(tls -> builder.zooKeeperConfig(config(tls)));
    environment
        .variable(ACCEPTED_VERSIONS)
        .ifPresent(versions ->
            List.of(versions.strip().split("\\s*,\\s*")).forEach(builder::acceptServerVersion));
    if (options.unauthenticated || context.allowUnauthenticated()) {
      builder.allowUnauthenticated();
    }
    return builder;
  }

  /** The user it authenticates as, if it does by a name. */
  Optional<String> user() {
    return user(target().context());
  }

  private Optional<String> user(Context context) {
    return Optional.ofNullable(options.user)
        .or(context::user)
        .or(() -> environment.variable("ZOOKIT_USER"));
  }

  private String password(String user, Context context) {
    return environment
        .variable("ZOOKIT_PASSWORD")
        .or(context::password)
        .or(() -> context.passwordFile().map(this::firstLine))
        .or(() -> environment
            .terminal()
            .flatMap(terminal -> terminal.askSecret("Password of " + Cell.printable(user) + ": ")))
        .orElseThrow(
            () -> new CommandException(
                ExitCode.USAGE,
                "no password of " + Cell.printable(user)
                    + " (expected: ZOOKIT_PASSWORD, a context with password-file, or a terminal to ask on)"));
  }

  private String firstLine(String name) {
    Path path =
        name.startsWith("~/") ? environment.home().resolve(name.substring(2)) : Path.of(name);
    try {
      List<String> lines = Files.readAllLines(path);
      return lines.isEmpty() ? "" : lines.get(0);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILURE, path + ": no password can be read from it (" + e.getMessage() + ")", e);
    }
  }

  private ZKClientConfig config(Context.Tls tls) {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
    tls.trustStore()
        .ifPresent(store -> config.setProperty("zookeeper.ssl.trustStore.location", store));
    tls.trustStorePasswordFile()
        .ifPresent(
            name -> config.setProperty("zookeeper.ssl.trustStore.password", firstLine(name)));
    tls.keyStore().ifPresent(store -> config.setProperty("zookeeper.ssl.keyStore.location", store));
    tls.keyStorePasswordFile()
        .ifPresent(name -> config.setProperty("zookeeper.ssl.keyStore.password", firstLine(name)));
    return config;
  }
}
