package io.zookit.rules;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of the build this test belongs to, and its modules. */
final class Checkout {

  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
  private static final Path RULES = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Path ROOT = RULES.resolve("../..").normalize();

  private static final class Modules {
    static final Code CODE = read();
  }

  private Checkout() {}

  /** This module's own folder. */
  static Path rules() {
    return RULES;
  }

  /** The code of all modules, read once. */
  static Code code() {
    return Modules.CODE;
  }

  /** The modules that are released. */
  static List<String> publishedModules() {
    return modules().stream()
        .filter(module -> !pom(module).contains("<maven.deploy.skip>true</maven.deploy.skip>"))
        .map(module -> module.substring(module.lastIndexOf('/') + 1))
        .toList();
  }

  /** The version all modules share. */
  static String version() {
    return firstVersion(pom("."));
  }

  /** The first version that a POM text names: its own, or its parent's. */
  static String firstVersion(String pom) {
    Matcher version = VERSION.matcher(pom);
    if (!version.find()) {
      throw new IllegalArgumentException("pom: no <version>");
    }
    return version.group(1);
  }

  /** The POM of a module, as text. */
  static String pom(String module) {
    return page(module + "/pom.xml");
  }

  /** A file of the build, as text. */
  static String page(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The source of a type of some module's tests; empty if there is none. */
  static Optional<String> testSource(String type) {
    String file = "src/test/java/" + type.replace('.', '/') + ".java";
    return modules().stream()
        .map(module -> module + "/" + file)
        .filter(candidate -> Files.exists(ROOT.resolve(candidate)))
        .map(Checkout::page)
        .findFirst();
  }

  /** The folder of the build. */
  static Path root() {
    return ROOT;
  }

  /** The pages at the root, and every page below docs. */
  static List<DocumentPage> documents() {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
          .map(name -> new DocumentPage(name, page(name)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Java snippets of all pages. */
  static List<DocumentSnippet> snippets() {
    return documents().stream()
        .flatMap(page -> DocumentSnippet.in(page.path(), page.text()).stream())
        .toList();
  }

  private static List<String> modules() {
    return MODULE.matcher(pom(".")).results().map(match -> match.group(1)).toList();
  }

  private static Code read() {
    return new Code(
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .importLocations(locations()),
        SourceFile.parse(sources("src/main/java")),
        SourceFile.parse(sources("src/test/java")));
  }

  /** The class path, and the folders of the starters for Spring Boot, of which a class path may have only one. */
  private static Set<Location> locations() {
    Set<Location> all = new HashSet<>(Locations.ofPackage("io.zookit"));
    modules().stream()
        .filter(module -> module.endsWith("-starter"))
        .map(module -> ROOT.resolve(module).resolve("target/classes/io"))
        .filter(Files::isDirectory)
        .map(Location::of)
        .forEach(all::add);
    return all;
  }

  private static List<Path> sources(String folder) {
    return modules().stream()
        .flatMap(module -> SourceFile.below(ROOT.resolve(module).resolve(folder)).stream())
        .toList();
  }
}
