package io.zookit.admin.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.zookit.admin.output.Cell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
    try (JsonParser parser = Yaml.MAPPER.createParser(text)) {
      StoredContexts stored =
          parser.nextToken() == null ? null : Yaml.MAPPER.readValue(parser, StoredContexts.class);
      if (stored == null) {
        return Contexts.none();
      }
      SortedMap<String, Context> byName = new TreeMap<>();
      stored.contexts().forEach((name, context) -> byName.put(name, context(name, context)));
      return new Contexts(Optional.ofNullable(stored.current()), byName);
    } catch (JsonProcessingException e) {
      throw refused(e, text);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read", e);
    }
  }

  private Context context(String name, @Nullable StoredContext stored) {
    if (stored == null || stored.connect() == null) {
      throw refused(
          OptionalInt.empty(),
          name + ": connect: missing (expected: host:port[,host:port...][/chroot])");
    }
    if (stored.color() != null && ColorChoice.named(stored.color()).isEmpty()) {
      throw refused(
          OptionalInt.empty(),
          name + ": color: " + stored.color() + " (expected: auto, always, never)");
    }
    return stored.toContext(stored.connect());
  }

  /** Returns what is wrong in the file: an unknown key, a value of another kind, or no YAML at all. */
  private CommandException refused(JsonProcessingException e, String text) {
    OptionalInt line = e.getLocation() == null
        ? OptionalInt.empty()
        : OptionalInt.of(e.getLocation().getLineNr());
    if (e instanceof UnrecognizedPropertyException unknown) {
      String known = unknown.getKnownPropertyIds().stream()
          .map(String::valueOf)
          .sorted()
          .collect(Collectors.joining(", "));
      return refused(
          lineOf(unknown.getPropertyName(), text),
          unknown.getPropertyName() + ": unknown (expected: " + known + ")");
    }
    if (e instanceof MismatchedInputException other) {
      String key = other.getPath().isEmpty()
          ? ""
          : other.getPath().get(other.getPath().size() - 1).getFieldName() + ": ";
      return refused(line, key + "something else (expected: " + kind(other.getTargetType()) + ")");
    }
    // Lines that begin with a blank quote the place.
    String problem = e.getOriginalMessage()
        .lines()
        .filter(each -> !each.startsWith(" "))
        .collect(Collectors.joining(", "));
    return refused(line, "not valid YAML: " + problem);
  }

  /** Returns the first line that has a key; Jackson's place of an unknown one is that of the next token. */
  private static OptionalInt lineOf(String key, String text) {
    List<String> lines = text.lines().toList();
    return IntStream.range(0, lines.size())
        .filter(line -> lines.get(line).contains(key + ":"))
        .map(line -> line + 1)
        .findFirst();
  }

  private static String kind(@Nullable Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    return type == Boolean.class ? "true or false" : "a map";
  }

  private CommandException refused(OptionalInt line, String problem) {
    String place = path + (line.isPresent() ? ":" + line.getAsInt() : "");
    return new CommandException(ExitCode.REJECTED, place + ": " + Cell.printable(problem));
  }

  /** Replaces it as a whole; only its owner may read it. */
  void write(Contexts contexts) {
    Path folder = path.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder, only("rwx------"));
      Path fresh = Files.createTempFile(folder, "config", ".yaml", only("rw-------"));
      Yaml.MAPPER.writeValue(fresh.toFile(), StoredContexts.of(contexts));
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

  /** Created when there is a file: it takes longer than the rest of a short command. */
  private static final class Yaml {

    static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build())
        .enable(DeserializationFeature.ACCEPT_EMPTY_STRING_AS_NULL_OBJECT)
        .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
        .build();
  }

  /** The file as it is written. */
  private record StoredContexts(
      @Nullable String current, SortedMap<String, StoredContext> contexts) {

    StoredContexts {
      contexts = contexts == null ? new TreeMap<>() : contexts;
    }

    static StoredContexts of(Contexts contexts) {
      SortedMap<String, StoredContext> byName = new TreeMap<>();
      contexts.byName().forEach((name, context) -> byName.put(name, StoredContext.of(context)));
      return new StoredContexts(contexts.current().orElse(null), byName);
    }
  }

  private record StoredContext(
      @Nullable String connect,
      @Nullable String root,
      @Nullable String user,
      @Nullable String password,
      @Nullable String passwordFile,
      @Nullable String color,
      @Nullable Boolean allowUnauthenticated,
      @Nullable StoredTls tls) {

    static StoredContext of(Context context) {
      return new StoredContext(
          context.connect(),
          context.root().orElse(null),
          context.user().orElse(null),
          context.password().orElse(null),
          context.passwordFile().orElse(null),
          context.color().orElse(null),
          context.allowUnauthenticated() ? true : null,
          context.tls().map(StoredTls::of).orElse(null));
    }

    Context toContext(String servers) {
      return new Context(
          servers,
          Optional.ofNullable(root),
          Optional.ofNullable(user),
          Optional.ofNullable(password),
          Optional.ofNullable(passwordFile),
          Boolean.TRUE.equals(allowUnauthenticated),
          Optional.ofNullable(color),
          Optional.ofNullable(tls).map(StoredTls::toTls));
    }
  }

  private record StoredTls(
      @Nullable String trustStore,
      @Nullable String trustStorePasswordFile,
      @Nullable String keyStore,
      @Nullable String keyStorePasswordFile) {

    static StoredTls of(Context.Tls tls) {
      return new StoredTls(
          tls.trustStore().orElse(null),
          tls.trustStorePasswordFile().orElse(null),
          tls.keyStore().orElse(null),
          tls.keyStorePasswordFile().orElse(null));
    }

    Context.Tls toTls() {
      return new Context.Tls(
          Optional.ofNullable(trustStore),
          Optional.ofNullable(trustStorePasswordFile),
          Optional.ofNullable(keyStore),
          Optional.ofNullable(keyStorePasswordFile));
    }
  }
}
