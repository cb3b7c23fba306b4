package io.zookit.config.files;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.config.PublishPreview;
import io.zookit.config.Release;
import io.zookit.config.format.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder with one file for each namespace, {@code ENV/APP/NS.properties} (or {@code .yaml}, {@code .json}, {@code .txt}):
 * what a repository of texts holds.
 *
 * <p>Secrets are written and read sealed. A namespace without a file is left alone. Hidden files and folders, Markdown, and
 * files of other formats in the upper two folders are left out.
 */
public final class ConfigFolder {

  private final Path folder;

  private ConfigFolder(Path folder) {
    this.folder = folder;
  }

  /** The folder of a path; it need not be there to be exported to. */
  public static ConfigFolder at(Path folder) {
    return new ConfigFolder(folder);
  }

  /**
   * The contents of the files.
   *
   * @throws io.zookit.config.format.MalformedContentException if a file is not of its format
   * @throws IllegalArgumentException if a file has no place among namespaces, or a namespace has two
   * @throws UncheckedIOException if a file cannot be read
   */
  public Map<Namespace, Content> read() {
    Map<Namespace, Content> contents = new TreeMap<>();
    for (Path file : files()) {
      Path place = folder.relativize(file);
      Optional<Format> format = Format.ofFile(file.getFileName().toString());
      if (place.getNameCount() != 3 || format.isEmpty()) {
        throw new IllegalArgumentException(
            "file: " + place + " (expected: ENV/APP/NS.properties, .yaml, .json or .txt)");
      }
      if (contents.put(namespace(place), content(file, format.get())) != null) {
        throw new IllegalArgumentException(
            "file: " + place + " (expected: one file for each namespace)");
      }
    }
    return contents;
  }

  /** The files of a namespace that exist; more than one if they are of different formats. */
  public List<Path> files(Namespace ns) {
    Path application = folder.resolve(ns.env()).resolve(ns.app());
    if (!Files.isDirectory(application)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(application)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> isOf(ns, file.getFileName().toString()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(application + ": cannot be read", e);
    }
  }

  /**
   * Writes the stable content of each namespace that has one and is not deleted, so that the folder can be {@linkplain
   * #apply applied}: the files of a deleted namespace, and those in another format than the stable content, are deleted. Other
   * files stay. Returns those written.
   */
  public List<Path> export(ConfigStore store, Collection<Namespace> namespaces)
      throws InterruptedException {
    List<Path> written = new ArrayList<>();
    for (Namespace ns : namespaces) {
      Optional<NamespaceState> state = store.state(ns);
      if (state.isPresent() && state.get().deleted()) {
        delete(files(ns));
      } else if (state.isPresent() && state.get().stable().isPresent()) {
        Content content = store.history(ns).content(state.get().stable().getAsInt());
        written.add(write(ns, content));
      }
    }
    return List.copyOf(written);
  }

  /** Previews the application of the files to each namespace; those that are as their file says are left out. */
  public Map<Namespace, PublishPreview> drift(ConfigStore store) throws InterruptedException {
    Map<Namespace, PublishPreview> drift = new TreeMap<>();
    for (Map.Entry<Namespace, Content> each : read().entrySet()) {
      PublishPreview preview = store.preview(each.getKey(), each.getValue());
      if (!preview.unchanged()) {
        drift.put(each.getKey(), preview);
      }
    }
    return drift;
  }

  /**
   * Makes the files' contents stable, all in one transaction or none.
   *
   * @return the stable release of each namespace that has a file
   */
  public Map<Namespace, Release> apply(ConfigStore store, Change change)
      throws InterruptedException {
    Map<Namespace, Content> contents = read();
    return contents.isEmpty() ? Map.of() : store.publish(contents, change);
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(folder, 4)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> isContent(folder.relativize(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read", e);
    }
  }

  /**
   * Returns whether a file is meant for a namespace. A repository has others: hidden ones, such as those of Git, Markdown, and
   * files of other formats above the places of namespaces. One of another format in such a place is likely a typing error.
   */
  private static boolean isContent(Path place) {
    for (Path part : place) {
      if (part.toString().startsWith(".")) {
        return false;
      }
    }
    String name = place.getFileName().toString();
    return Format.ofFile(name).isPresent() || (place.getNameCount() > 2 && !name.endsWith(".md"));
  }

  private Path write(Namespace ns, Content content) {
    Path file = folder
        .resolve(ns.env())
        .resolve(ns.app())
        .resolve(ns.name() + "." + content.format().extension());
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content.text());
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written", e);
    }
    delete(files(ns).stream().filter(each -> !each.equals(file)).toList());
    return file;
  }

  private static boolean isOf(Namespace ns, String file) {
    return Format.ofFile(file).isPresent()
        && file.substring(0, file.lastIndexOf('.')).equals(ns.name());
  }

  private static void delete(List<Path> files) {
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(file + ": cannot be deleted", e);
      }
    }
  }

  private static Namespace namespace(Path place) {
    String file = place.getFileName().toString();
    return Namespace.of(
        place.getName(0).toString(),
        place.getName(1).toString(),
        file.substring(0, file.lastIndexOf('.')));
  }

  private static Content content(Path file, Format format) {
    try {
      return Content.of(format, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
  }
}
