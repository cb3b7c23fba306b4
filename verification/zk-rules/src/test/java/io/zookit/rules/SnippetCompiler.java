package io.zookit.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles the snippets of documents against all modules, each as the one method of a class. */
final class SnippetCompiler {

  /** The packages whose types a snippet need not import. */
  static final List<String> IMPORTED = List.of(
      "io.zookit.config",
      "io.zookit.core",
      "io.zookit.group",
      "io.zookit.id",
      "io.zookit.lock",
      "io.zookit.lock.election",
      "io.zookit.lock.inspect",
      "io.zookit.registry",
      "io.zookit.scheduler",
      "java.time",
      "java.util");

  /**
   * A class that was made of a snippet.
   *
   * @param snippet what it was made of
   * @param first the line of the class that the first line of the snippet became, from 1
   */
  private record SnippetSource(DocumentSnippet snippet, String text, int first) {}

  private final Path classes;

  /** A compiler that writes its classes to a folder. */
  SnippetCompiler(Path classes) {
    this.classes = classes;
  }

  /** Compiles snippets together; returns for each the errors, one line each, none if it compiles. */
  Map<DocumentSnippet, List<String>> compile(List<DocumentSnippet> snippets) {
    Map<String, SnippetSource> sources = new LinkedHashMap<>();
    snippets.forEach(each -> sources.put(each.className(), source(each)));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
      Files.createDirectories(classes);
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      List<JavaFileObject> units = new ArrayList<>();
      sources.forEach((name, source) -> units.add(new TextFile(name, source.text())));
      compiler
          .getTask(null, files, diagnostics, List.of("-proc:none"), null, units)
          .call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<DocumentSnippet, List<String>> errors = new LinkedHashMap<>();
    snippets.forEach(each -> errors.put(each, new ArrayList<>()));
    for (Diagnostic<? extends JavaFileObject> each : diagnostics.getDiagnostics()) {
      if (each.getKind() == Diagnostic.Kind.ERROR) {
        String name = each.getSource().getName().replace("/", "").replace(".java", "");
        SnippetSource source = Objects.requireNonNull(sources.get(name), name);
        Objects.requireNonNull(errors.get(source.snippet())).add(message(source, each));
      }
    }
    return errors;
  }

  private static String message(SnippetSource source, Diagnostic<?> error) {
    DocumentSnippet snippet = source.snippet();
    long line = error.getLineNumber() - source.first();
    boolean shown = line >= 0 && line < snippet.code().size();
    return snippet.document() + ":" + (shown ? snippet.line() + 1 + line : snippet.line())
        + (shown ? ": " : ": around the snippet: ") + error.getMessage(Locale.ROOT);
  }

  private static SnippetSource source(DocumentSnippet snippet) {
    List<String> lines = new ArrayList<>();
    IMPORTED.forEach(name -> lines.add("import " + name + ".*;"));
    snippet.given().stream().filter(SnippetCompiler::isImport).forEach(lines::add);
    lines.add("public final class " + snippet.className() + " extends "
        + SnippetContext.class.getName() + " {");
    lines.add("public " + snippet.className() + "(ZkClient zk) { super(zk); }");
    snippet.given().stream().filter(line -> !isImport(line)).forEach(lines::add);
    lines.add("@Override public void run() throws Exception {");
    int first = lines.size() + 1;
    lines.addAll(snippet.code());
    lines.add("}");
    lines.add("}");
    return new SnippetSource(snippet, lines.stream().collect(Collectors.joining("\n")), first);
  }

  private static boolean isImport(String line) {
    return line.startsWith("import ");
  }

  /** A source in memory. */
  private static final class TextFile extends SimpleJavaFileObject {

    private final String text;

    TextFile(String className, String text) {
      super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
