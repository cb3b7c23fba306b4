package io.zookit.admin.command.context;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.Context;
import io.zookit.admin.cli.Contexts;
import io.zookit.admin.cli.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a context. */
@Command(
    name = "add",
    description = {
      "Add a context, of --connect and, when given, --root, --user, --color and --allow-unauthenticated.",
      "The first one is in use from then on."
    },
    footer = {
      "  zookit context add prod --connect zk1:2181,zk2:2181 --user ana --password-file ~/.zookit-prod",
      "  zookit context add prod --connect zk1:2181 --user ana --password-file - < secret",
      "  zookit context add local --connect localhost:2181 --root /trial"
    })
final class ContextAddCommand implements Callable<ExitCode> {

  private final CommandContext context;

  @Parameters(paramLabel = "NAME", description = "The name of the context.")
  private String name = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "The file whose first line is the password; - to read it now and keep it in the file of the contexts."
              + " Without this it is asked for when it is needed.")
  @Nullable
  private String passwordFile;

  @Option(names = "--tls", description = "Connect by TLS.")
  private boolean tls;

  @Option(
      names = "--trust-store",
      paramLabel = "FILE",
      description = "The certificates to trust, for TLS.")
  @Nullable
  private String trustStore;

  @Option(
      names = "--trust-store-password-file",
      paramLabel = "FILE",
      description = "The file whose first line opens it.")
  @Nullable
  private String trustStorePasswordFile;

  @Option(
      names = "--key-store",
      paramLabel = "FILE",
      description = "The own certificate and key, for TLS where servers ask.")
  @Nullable
  private String keyStore;

  @Option(
      names = "--key-store-password-file",
      paramLabel = "FILE",
      description = "The file whose first line opens it.")
  @Nullable
  private String keyStorePasswordFile;

  @Option(names = "--replace", description = "Replace a context of that name.")
  private boolean replace;

  ContextAddCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public ExitCode call() {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new CommandException(
          ExitCode.USAGE, "NAME: \"" + name + "\" (expected: [A-Za-z0-9][A-Za-z0-9._-]{0,63})");
    }
    Contexts contexts = context.contexts();
    if (contexts.byName().containsKey(name) && !replace) {
      throw new CommandException(
          ExitCode.CONFLICT, "context " + name + " is there already (--replace replaces it)");
    }
    Contexts more = contexts.with(name, context());
    context.save(more);
    boolean used = more.current().filter(name::equals).isPresent();
    context.info("context " + name + " is added" + (used ? " and in use" : ""));
    return ExitCode.OK;
  }

  private Context context() {
    Context given = context.given();
    boolean fromInput = "-".equals(passwordFile);
    return new Context(
        given.connect(),
        given.root(),
        given.user(),
        fromInput ? Optional.of(context.readLine("password")) : Optional.empty(),
        fromInput ? Optional.empty() : Optional.ofNullable(passwordFile),
        given.allowUnauthenticated(),
        given.color(),
        tls());
  }

  private Optional<Context.Tls> tls() {
    boolean wanted = tls
        || trustStore != null
        || trustStorePasswordFile != null
        || keyStore != null
        || keyStorePasswordFile != null;
    return wanted
        ? Optional.of(new Context.Tls(
            Optional.ofNullable(trustStore),
            Optional.ofNullable(trustStorePasswordFile),
            Optional.ofNullable(keyStore),
            Optional.ofNullable(keyStorePasswordFile)))
        : Optional.empty();
  }
}
