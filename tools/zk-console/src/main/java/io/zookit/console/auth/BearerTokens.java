package io.zookit.console.auth;

import io.zookit.core.Role;
import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Bearer tokens of programs: 256 bits each, of which a file holds the hash, the name, the role and the end.
 *
 * <pre>
 *   NAME ROLE UNTIL SHA256
 * </pre>
 *
 * <p>The file is read again when it has changed, at most once a second, so a token that is removed from it is refused a
 * second later, with the sessions that come from it. A file that others can read or write is refused, and so is one that cannot
 * be parsed: then no token is accepted.
 *
 * <p><i>Threads:</i> any.
 */
public final class BearerTokens {

  private static final int BYTES = 32;
  private static final long RECHECK_NANOS = 1_000_000_000L;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Set<PosixFilePermission> PRIVATE =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path file;
  private final Timekeeper timekeeper;
  private Map<String, TokenEntry> byHash = Map.of();
  private FileStamp read = new FileStamp(Instant.MIN, -1);
  private long checkedAt;
  private boolean checked;

  /** Creates the tokens of a file, which need not exist yet. */
  public BearerTokens(Path file, Timekeeper timekeeper) {
    this.file = file;
    this.timekeeper = timekeeper;
  }

  /**
   * A token of the file.
   *
   * @param sha256 of the token, in hexadecimal digits
   */
  public record TokenEntry(String name, Role role, Instant until, String sha256) {

    private static TokenEntry parse(String line) {
      String[] fields = line.split(" ", -1);
      if (fields.length != 4 || !NAME.matcher(fields[0]).matches()) {
        throw new IllegalArgumentException("expected: NAME ROLE UNTIL SHA256");
      }
      Role role = Role.named(fields[1])
          .orElseThrow(() -> new IllegalArgumentException("role: \"" + fields[1] + "\""));
      return new TokenEntry(fields[0], role, Instant.parse(fields[2]), fields[3]);
    }

    private String line() {
      return name + " " + role + " " + until + " " + sha256;
    }
  }

  private record FileStamp(Instant modified, long size) {}

  /** Finds the subject of a token; empty if the file does not have it, or it has expired. */
  Optional<Subject> find(String token) {
    String hash = Secrets.hash(token);
    return Optional.ofNullable(current().get(hash))
        .filter(entry -> timekeeper.now().isBefore(entry.until()))
        .map(entry -> new Subject(entry.name(), entry.role(), entry.until(), hash, hash));
  }

  /** Tells if the file still has the token of that hash. */
  boolean has(String hash) {
    TokenEntry entry = current().get(hash);
    return entry != null && timekeeper.now().isBefore(entry.until());
  }

  private synchronized Map<String, TokenEntry> current() {
    long now = timekeeper.nanos();
    if (!checked || now - checkedAt >= RECHECK_NANOS) {
      checked = true;
      checkedAt = now;
      refresh();
    }
    return byHash;
  }

  private void refresh() {
    try {
      FileStamp stamp = Files.exists(file)
          ? new FileStamp(Files.getLastModifiedTime(file).toInstant(), Files.size(file))
          : new FileStamp(Instant.MIN, 0);
      if (!stamp.equals(read)) {
        byHash = Map.of();
        Map<String, TokenEntry> all = new HashMap<>();
        entries(file).forEach(entry -> all.put(entry.sha256(), entry));
        byHash = Map.copyOf(all);
        read = stamp;
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      byHash = Map.of();
      read = new FileStamp(Instant.MIN, -1);
      throw new IllegalStateException(
          "the tokens of " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * The tokens of a file; none if it does not exist.
   *
   * @throws IllegalArgumentException if others than its owner may read or write it, or a line of it is malformed
   */
  public static List<TokenEntry> entries(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    PrivateFiles.requirePrivate(file);
    List<TokenEntry> all = new ArrayList<>();
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          all.add(parse(file, i + 1, lines.get(i)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(all);
  }

  private static TokenEntry parse(Path file, int number, String line) {
    try {
      return TokenEntry.parse(line);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new IllegalArgumentException(file + ", line " + number + ": " + e.getMessage(), e);
    }
  }

  /**
   * Adds a token to a file, which is created if it does not exist.
   *
   * @return the token, which is kept nowhere else
   * @throws IllegalArgumentException if the name is not valid, or the file has a token of that name
   */
  public static String create(Path file, String name, Role role, Instant until) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\" (expected: letters, digits, '.', '_', '-'; at most 64)");
    }
    List<TokenEntry> all = new ArrayList<>(entries(file));
    if (all.stream().anyMatch(entry -> entry.name().equals(name))) {
      throw new IllegalArgumentException("name: " + file + " has a token named " + name);
    }
    String token = Secrets.random(BYTES);
    all.add(new TokenEntry(name, role, until, Secrets.hash(token)));
    write(file, all);
    return token;
  }

  /** Removes a token by its name; false if the file has none of that name. */
  public static boolean remove(Path file, String name) {
    List<TokenEntry> all = new ArrayList<>(entries(file));
    boolean removed = all.removeIf(entry -> entry.name().equals(name));
    if (removed) {
      write(file, all);
    }
    return removed;
  }

  private static void write(Path file, List<TokenEntry> entries) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    try {
      Path fresh = Files.createTempFile(
          folder, ".tokens", "", PosixFilePermissions.asFileAttribute(PRIVATE));
      Files.write(fresh, entries.stream().map(TokenEntry::line).toList(), StandardCharsets.UTF_8);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
