package io.zookit.admin.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The file of the contexts.
 *
 * <pre>
 *   current: prod
 *   contexts:
 *     prod:
 *       connect: zk1:2181,zk2:2181
 *       root: /zookit
 *       user: ana
 *       password-file: /home/ana/.zookit-prod
 *       color: auto
 *       allow-unauthenticated: false
 *       tls:
 *         trust-store: /etc/zookit/trust.p12
 *         trust-store-password-file: /etc/zookit/trust.password
 *         key-store: /etc/zookit/ana.p12
 *         key-store-password-file: /etc/zookit/ana.password
 * </pre>
 */
final class ContextFile {

  private static final int MOST_BYTES = 1 << 20;

  private final Path path;

  ContextFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** Reads the contexts; none if the file does not exist. */
  Contexts read() {
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw new CommandException(ExitCode.REJECTED, path + ": larger than 1 MiB");
      }
      return parse(Files.readString(path));
    } catch (NoSuchFileException e) {
      return Contexts.none();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILURE, path + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private Contexts parse(String text) {
    Object content;
    try {
      content =
          new Load(LoadSettings.builder().setLabel(path.toString()).build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new CommandException(ExitCode.REJECTED, path + ": is no YAML: " + e.getMessage(), e);
    }
    if (content == null) {
      return Contexts.none();
    }
    YamlMap file = YamlMap.of(path.toString(), content).allow("current", "contexts");
    SortedMap<String, Context> byName = new TreeMap<>();
    file.map("contexts")
        .ifPresent(all -> all.keys()
            .forEach(name -> byName.put(
                name, context(all.map(name).orElseThrow(() -> all.malformed(name, "a map"))))));
    return new Contexts(file.text("current"), byName);
  }

  private static Context context(YamlMap map) {
    map.allow(
        "connect",
        "root",
        "user",
        "password",
        "password-file",
        "allow-unauthenticated",
        "color",
        "tls");
    return new Context(
        map.text("connect")
            .orElseThrow(() -> map.malformed("connect", "host:port[,host:port...][/chroot]")),
        map.text("root"),
        map.text("user"),
        map.text("password"),
        map.text("password-file"),
        map.flag("allow-unauthenticated"),
        color(map),
        map.map("tls").map(ContextFile::tls));
  }

  private static Optional<String> color(YamlMap map) {
    Optional<String> color = map.text("color");
    if (color.isPresent() && color.flatMap(ColorChoice::named).isEmpty()) {
      throw map.malformed("color", "auto, always, never");
    }
    return color;
  }

  private static Context.Tls tls(YamlMap map) {
    map.allow("trust-store", "trust-store-password-file", "key-store", "key-store-password-file");
    return new Context.Tls(
        map.text("trust-store"),
        map.text("trust-store-password-file"),
        map.text("key-store"),
        map.text("key-store-password-file"));
  }

  /** Replaces it as a whole; only its owner may read it. */
  void write(Contexts contexts) {
    Path folder = path.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder, only("rwx------"));
      Path fresh = Files.createTempFile(folder, "config", ".yaml", only("rw-------"));
      Files.write(fresh, render(contexts).getBytes(StandardCharsets.UTF_8));
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILURE, path + ": cannot be written (" + e.getMessage() + ")", e);
    }
  }

  private static FileAttribute<?>[] only(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static String render(Contexts contexts) {
    Map<String, Object> byName = new LinkedHashMap<>();
    contexts.byName().forEach((name, context) -> byName.put(name, map(context)));
    Map<String, Object> file = new LinkedHashMap<>();
    contexts.current().ifPresent(current -> file.put("current", current));
    file.put("contexts", byName);
    return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
        .dumpToString(file);
  }

  private static Map<String, Object> map(Context context) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("connect", context.connect());
    put(map, "root", context.root());
    put(map, "user", context.user());
    put(map, "password", context.password());
    put(map, "password-file", context.passwordFile());
    put(map, "color", context.color());
    if (context.allowUnauthenticated()) {
      map.put("allow-unauthenticated", true);
    }
    context.tls().ifPresent(tls -> {
      Map<String, Object> inner = new LinkedHashMap<>();
      put(inner, "trust-store", tls.trustStore());
      put(inner, "trust-store-password-file", tls.trustStorePasswordFile());
      put(inner, "key-store", tls.keyStore());
      put(inner, "key-store-password-file", tls.keyStorePasswordFile());
      map.put("tls", inner);
    });
    return map;
  }

  private static void put(Map<String, Object> map, String key, Optional<String> value) {
    value.ifPresent(text -> map.put(key, text));
  }

  /** Returns whether other users of this machine can read the file. */
  boolean isExposed() {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      return permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.GROUP_READ);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // no such file, or no such permissions on this system
    }
  }
}
