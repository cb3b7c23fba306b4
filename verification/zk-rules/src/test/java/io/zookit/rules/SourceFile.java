package io.zookit.rules;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A Java source file, parsed but not compiled. */
final class SourceFile {

  private static final Pattern WORD = Pattern.compile("\\w+");

  private final CompilationUnitTree unit;
  private final SourcePositions positions;
  private final List<String> lines;

  private SourceFile(CompilationUnitTree unit, SourcePositions positions) {
    this.unit = unit;
    this.positions = positions;
    try {
      this.lines = unit.getSourceFile().getCharContent(true).toString().lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Parses files. */
  static List<SourceFile> parse(List<Path> paths) {
    if (paths.isEmpty()) {
      return List.of();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task = (JavacTask) compiler.getTask(
          null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(paths));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      List<SourceFile> parsed = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        parsed.add(new SourceFile(unit, positions));
      }
      return parsed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every Java file below a folder; none when the folder does not exist. */
  static List<Path> below(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The syntax tree. */
  CompilationUnitTree unit() {
    return unit;
  }

  /** The package, and the file's name without ending: the name of the type the file is called after. */
  String typeName() {
    String file = unit.getSourceFile().getName().replace('\\', '/');
    String simple = file.substring(file.lastIndexOf('/') + 1).replace(".java", "");
    return unit.getPackageName() + "." + simple;
  }

  /** The names that it imports, static members included; one of a whole package ends with {@code .*}. */
  Stream<String> imports() {
    return unit.getImports().stream()
        .map(imported -> imported.getQualifiedIdentifier().toString());
  }

  /** Its comments. */
  List<Prose> comments() {
    return Prose.of(text());
  }

  /** The text. */
  String text() {
    return String.join("\n", lines);
  }

  /** The words of the text: what can be a name. */
  Set<String> words() {
    return WORD.matcher(text()).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  /** All lines. */
  int lineCount() {
    return lines.size();
  }

  /** The lines from the first to the last of a tree that are neither blank nor only a comment. */
  int codeLinesOf(Tree tree) {
    int first = lineOf(positions.getStartPosition(unit, tree));
    int last = lineOf(positions.getEndPosition(unit, tree) - 1);
    int count = 0;
    boolean inComment = false;
    for (String line : lines.subList(first - 1, last)) {
      String text = line.strip();
      inComment |= text.startsWith("/*");
      if (!inComment && !text.isEmpty() && !text.startsWith("//")) {
        count++;
      }
      inComment &= !text.contains("*/");
    }
    return count;
  }

  private int lineOf(long position) {
    return Math.toIntExact(unit.getLineMap().getLineNumber(position));
  }
}
