package io.zookit.console;

import io.zookit.console.auth.Authenticator;
import io.zookit.console.auth.BearerTokens;
import io.zookit.console.auth.LoginLinks;
import io.zookit.console.follow.RoleCredentials;
import io.zookit.console.follow.RoleSessions;
import io.zookit.console.http.ConsoleServer;
import io.zookit.console.http.HttpSettings;
import io.zookit.console.http.TlsKeyStore;
import io.zookit.core.Role;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkException;
import io.zookit.core.time.Durations;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program behind {@code zookit console}. */
@Command(
    name = "zookit console",
    sortOptions = false,
    description = {
      "Serve the web page and the HTTP API.",
      "It prints a link that logs one browser in, once and within 15 minutes. There are no users and no passwords."
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  zookit console",
      "  zookit console --first-role admin",
      "  zookit console --connect zk1:2181,zk2:2181 --credentials /etc/zookit/roles --tokens /etc/zookit/tokens",
      "  zookit console --bind 0.0.0.0:8480 --host console.example.com:8480 --tls-keystore console.p12"
          + " --tls-password-file console.pass",
      "  zookit console token create ci --role publisher --tokens /etc/zookit/tokens"
    },
    subcommands = ConsoleCommand.TokenCommand.class)
public final class ConsoleCommand implements Runnable {

  private static final int FAILURE = 1;
  private static final int USAGE = 2;
  private static final int DEFAULT_PORT = 8480;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private final PrintStream out;
  private final CountDownLatch stopped;

  @Option(
      names = "--connect",
      paramLabel = "HOSTS",
      description =
          "The servers, host:port[,host:port...]. Default: ZOOKIT_CONNECT, else a server of its own on this machine.")
  @Nullable
  private String connect = System.getenv("ZOOKIT_CONNECT");

  @Option(names = "--root", paramLabel = "PATH", description = "Default: ${DEFAULT-VALUE}.")
  private String root = "/zookit";

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS:PORT",
      description = "Default: 127.0.0.1:" + DEFAULT_PORT + ". Port 0 is any free one.")
  private String bind = "127.0.0.1:" + DEFAULT_PORT;

  @Option(
      names = "--behind-proxy",
      paramLabel = "HOST",
      description =
          "The name under which a proxy serves this console over TLS; allows other addresses than loopback.")
  @Nullable
  private String proxy;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "The name under which browsers reach this console, with a port unless it is 443; with --tls-keystore.")
  @Nullable
  private String host;

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description =
          "A PKCS12 or JKS file with the key and the certificate of the console: it serves TLS. Read again when it changes.")
  @Nullable
  private Path keyStore;

  @Option(
      names = "--tls-password-file",
      paramLabel = "FILE",
      description = "A file with the password of the key store.")
  @Nullable
  private Path keyStorePassword;

  @Option(
      names = "--credentials",
      paramLabel = "FOLDER",
      description =
          "A file for each role (viewer, editor, publisher, operator, admin) with USER:PASSWORD; a role without one is off.")
  @Nullable
  private Path credentials;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "The bearer tokens that are accepted. Default: none.")
  @Nullable
  private Path tokens;

  @Option(
      names = "--first-role",
      paramLabel = "ROLE",
      description = "The role of the link. Default: ${DEFAULT-VALUE}.")
  private String firstRole = "viewer";

  @Option(
      names = "--link-file",
      paramLabel = "FILE",
      description = "Write the link there, for its owner only, instead of printing it.")
  @Nullable
  private Path linkFile;

  @Option(names = "--read-only", description = "Refuse every change.")
  private boolean readOnly;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long to wait for ZooKeeper. Default: 10s.")
  @Nullable
  private String timeout;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("unused") // picocli reads it
  private boolean help;

  ConsoleCommand(PrintStream out, CountDownLatch stopped) {
    this.out = out;
    this.stopped = stopped;
  }

  /** Runs the command until the process is stopped; ends the process with 1 on a failure and 2 on bad arguments. */
  public static void main(String[] args) {
    CountDownLatch stopped = new CountDownLatch(1);
    int code = run(args, System.out, System.err, stopped);
    System.exit(code);
  }

  static int run(String[] args, PrintStream out, PrintStream err, CountDownLatch stopped) {
    CommandLine line =
        new CommandLine(new ConsoleCommand(out, stopped), new SubcommandFactory(out));
    line.setOut(new java.io.PrintWriter(out, true, java.nio.charset.StandardCharsets.UTF_8));
    line.setErr(new java.io.PrintWriter(err, true, java.nio.charset.StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler((failure, command, result) -> {
      err.println("zookit console: " + failure.getMessage());
      return failure instanceof IllegalArgumentException ? USAGE : FAILURE;
    });
    return line.execute(args);
  }

  @Override
  public void run() {
    Timekeeper timekeeper = Timekeeper.system();
    Role role = role(firstRole);
    RoleCredentials identities =
        credentials == null ? RoleCredentials.none() : RoleCredentials.in(credentials);
    HttpSettings settings = settings();
    Duration limit = timeout == null ? DEFAULT_TIMEOUT : Durations.parse(timeout);
    try (OwnServer own = connect == null ? OwnServer.start() : OwnServer.none();
        RoleSessions sessions = RoleSessions.connect(
            own.connectString().orElse(String.valueOf(connect)), root, identities, limit)) {
      if (sessions.of(role).isEmpty()) {
        throw new IllegalArgumentException(
            "--first-role: " + role + " has no file in " + credentials);
      }
      LoginLinks links = new LoginLinks(timekeeper);
      Optional<BearerTokens> accepted = Optional.ofNullable(tokens).map(file -> {
        BearerTokens.entries(
            file); // a file that cannot be used is found now, not by the first request
        return new BearerTokens(file, timekeeper);
      });
      try (ConsoleServer server = ConsoleServer.start(
          settings, sessions, new Authenticator(timekeeper, links, accepted), timekeeper)) {
        announce(
            server.port(),
            sessions,
            links.issue(System.getProperty("user.name", "operator"), role),
            role);
        stopped.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void announce(int port, RoleSessions sessions, String secret, Role role) {
    String name = proxy == null ? host : proxy;
    String local = (keyStore == null ? "http" : "https") + "://127.0.0.1:" + port;
    String address = name == null ? local : "https://" + name;
    out.println("Zookit console at " + address + "/ for " + sessions.connectString() + root
        + (sessions.isSecured() ? "" : " (no access lists: every role shares one session)"));
    String link = address + "/#login=" + secret;
    if (linkFile == null) {
      out.println("Log in as " + role + ", once and within 15 minutes: " + link);
    } else {
      write(linkFile, link);
      out.println(
          "The link that logs in as " + role + ", once and within 15 minutes, is in " + linkFile);
    }
    if (out.checkError()) {
      throw new ZkException("the standard output cannot be written");
    }
  }

  private static void write(Path file, String link) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, link + "\n", StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": the link cannot be written", e);
    }
  }

  private HttpSettings settings() {
    int colon = bind.lastIndexOf(':');
    if (colon < 1 || !bind.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("--bind: \"" + bind + "\" (expected: ADDRESS:PORT)");
    }
    String address = bind.substring(0, colon);
    return new HttpSettings(
        address.startsWith("[") ? address.substring(1, address.length() - 1) : address,
        Integer.parseInt(bind.substring(colon + 1)),
        Optional.ofNullable(proxy == null ? host : proxy),
        readOnly,
        tls());
  }

  private Optional<TlsKeyStore> tls() {
    if (keyStore != null && proxy != null) {
      throw new IllegalArgumentException(
          "--tls-keystore: not with --behind-proxy (expected: one of them ends TLS)");
    }
    if (host != null && keyStore == null) {
      throw new IllegalArgumentException("--host: needs --tls-keystore");
    }
    if (keyStore == null && keyStorePassword == null) {
      return Optional.empty();
    }
    if (keyStore == null || keyStorePassword == null) {
      throw new IllegalArgumentException(
          "--tls-keystore and --tls-password-file: one without the other");
    }
    return Optional.of(TlsKeyStore.open(keyStore, keyStorePassword));
  }

  private static Role role(String name) {
    return Role.named(name.toLowerCase(Locale.ROOT))
        .filter(RoleCredentials.ROLES::contains)
        .orElseThrow(() -> new IllegalArgumentException(
            "role: \"" + name + "\" (expected: one of " + RoleCredentials.ROLES + ")"));
  }

  /** Commands for the file of bearer tokens. */
  @Command(
      name = "token",
      description =
          "Create, list and remove bearer tokens; a running console notices within a second.",
      subcommands = CommandLine.HelpCommand.class,
      synopsisSubcommandLabel = "COMMAND")
  static final class TokenCommand implements Runnable {

    private final PrintStream out;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    TokenCommand(PrintStream out) {
      this.out = out;
    }

    @Override
    public void run() {
      throw new CommandLine.ParameterException(
          java.util.Objects.requireNonNull(spec).commandLine(),
          "token: no command given (expected: create, list or remove)");
    }

    @Command(
        name = "create",
        description = "Create a token, and print it: it is kept nowhere else.")
    void create(
        @Parameters(paramLabel = "NAME", description = "The author of its changes.") String name,
        @Option(names = "--role", paramLabel = "ROLE", required = true) String role,
        @Option(names = "--tokens", paramLabel = "FILE", required = true) Path file,
        @Option(names = "--for", paramLabel = "TIME", defaultValue = "90d") String length) {
      out.println(BearerTokens.create(
          file, name, role(role), Timekeeper.system().now().plus(Durations.parse(length))));
    }

    @Command(name = "list", description = "List the tokens by name, role and end.")
    void list(@Option(names = "--tokens", paramLabel = "FILE", required = true) Path file) {
      BearerTokens.entries(file)
          .forEach(each -> out.println(each.name() + " " + each.role() + " " + each.until()));
    }

    @Command(name = "remove", description = "Remove a token, and so end its sessions.")
    void remove(
        @Parameters(paramLabel = "NAME") String name,
        @Option(names = "--tokens", paramLabel = "FILE", required = true) Path file) {
      if (!BearerTokens.remove(file, name)) {
        throw new ZkException("token " + name + " does not exist in " + file);
      }
    }
  }

  /** Creates the commands with the output of this one. */
  private static final class SubcommandFactory implements CommandLine.IFactory {

    private final PrintStream out;

    SubcommandFactory(PrintStream out) {
      this.out = out;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == TokenCommand.class
          ? type.cast(new TokenCommand(out))
          : CommandLine.defaultFactory().create(type);
    }
  }
}
