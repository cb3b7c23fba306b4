package io.zookit.admin.command.context;

import io.zookit.admin.cli.Context;
import io.zookit.admin.cli.Contexts;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A context as programs see it.
 *
 * @param name of the context
 * @param current whether it is in use
 * @param connect where ZooKeeper is
 * @param root null for the default
 * @param user null if the context has no user
 * @param password {@code ***} unless it is to be revealed; null if it is not stored in the file
 * @param passwordFile the file that contains the password
 * @param allowUnauthenticated whether servers on other machines may be queried without credentials
 * @param color null for the default
 * @param tls the TLS settings by name; null without TLS
 */
record ContextDocument(
    String name,
    boolean current,
    String connect,
    @Nullable String root,
    @Nullable String user,
    @Nullable String password,
    @Nullable String passwordFile,
    boolean allowUnauthenticated,
    @Nullable String color,
    @Nullable Map<String, String> tls) {

  private static final String MASKED = "***";

  static final Layout<ContextDocument> LAYOUT = Layout.of(
          ContextDocument::name,
          new Column<ContextDocument>(
              "IN USE", context -> new Cell(context.current ? "*" : "", Style.GOOD)),
          Column.of("NAME", ContextDocument::name),
          Column.of("CONNECT", ContextDocument::connect),
          Column.of("ROOT", context -> DisplayText.orBlank(context.root)),
          Column.of("USER", context -> DisplayText.orBlank(context.user)))
      .withPage(ContextDocument::page);

  static ContextDocument of(Contexts contexts, String name, boolean reveal) {
    Context context = contexts.named(name);
    return new ContextDocument(
        name,
        contexts.current().filter(name::equals).isPresent(),
        context.connect(),
        context.root().orElse(null),
        context.user().orElse(null),
        context.password().map(secret -> reveal ? secret : MASKED).orElse(null),
        context.passwordFile().orElse(null),
        context.allowUnauthenticated(),
        context.color().orElse(null),
        context.tls().map(ContextDocument::tls).orElse(null));
  }

  private static Map<String, String> tls(Context.Tls tls) {
    Map<String, String> settings = new LinkedHashMap<>();
    tls.trustStore().ifPresent(path -> settings.put("trustStore", path));
    tls.trustStorePasswordFile().ifPresent(path -> settings.put("trustStorePasswordFile", path));
    tls.keyStore().ifPresent(path -> settings.put("keyStore", path));
    tls.keyStorePasswordFile().ifPresent(path -> settings.put("keyStorePasswordFile", path));
    return settings;
  }

  private Page page() {
    Page page = Page.of("context " + name)
        .field("in use", current ? "yes" : "no")
        .field("connect", connect)
        .optional("root", DisplayText.orBlank(root))
        .optional("user", DisplayText.orBlank(user))
        .optional("password", DisplayText.orBlank(password))
        .optional("password file", DisplayText.orBlank(passwordFile))
        .optional("color", DisplayText.orBlank(color));
    if (allowUnauthenticated) {
      page.field("unauthenticated", new Cell("allowed", Style.ODD));
    }
    return tls == null ? page : page.field("tls", tls.isEmpty() ? "yes" : DisplayText.map(tls));
  }
}
